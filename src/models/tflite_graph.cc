// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_graph.h"

#include <algorithm>
#include <utility>

#include "models/join.h"

namespace peekproof::models {

const char* OperatorName(OperatorKind kind) {
  switch (kind) {
    case OperatorKind::kAdd:
      return "ADD";
    case OperatorKind::kAveragePool:
      return "AVERAGE_POOL_2D";
    case OperatorKind::kConcatenation:
      return "CONCATENATION";
    case OperatorKind::kConvolution:
      return "CONV_2D";
    case OperatorKind::kDepthwiseConvolution:
      return "DEPTHWISE_CONV_2D";
    case OperatorKind::kFullyConnected:
      return "FULLY_CONNECTED";
    case OperatorKind::kHardSwish:
      return "HARD_SWISH";
    case OperatorKind::kLogistic:
      return "LOGISTIC";
    case OperatorKind::kMean:
      return "MEAN";
    case OperatorKind::kMultiply:
      return "MUL";
    case OperatorKind::kRelu:
      return "RELU";
    case OperatorKind::kRelu6:
      return "RELU6";
    case OperatorKind::kResizeBilinear:
      return "RESIZE_BILINEAR";
    case OperatorKind::kTanh:
      return "TANH";
    case OperatorKind::kTransposeConvolutionBias:
      return "Convolution2DTransposeBias";
  }
  return "unknown";
}

size_t ElementCount(const std::vector<int>& shape) {
  size_t count = 1;
  for (const int extent : shape) count *= static_cast<size_t>(extent);
  return count;
}

void DropUnusedOperators(TfliteGraph* graph) {
  std::vector<bool> needed(graph->tensors.size(), false);
  for (const int output : graph->outputs) needed[static_cast<size_t>(output)] = true;
  std::vector<TfliteOperator> kept;
  for (auto node = graph->operators.rbegin(); node != graph->operators.rend(); ++node) {
    const bool is_needed = std::any_of(node->outputs.begin(), node->outputs.end(),
                                       [&](int output) { return needed[static_cast<size_t>(output)]; });
    if (!is_needed) continue;
    for (const int input : node->inputs) needed[static_cast<size_t>(input)] = true;
    kept.push_back(std::move(*node));
  }
  std::reverse(kept.begin(), kept.end());
  graph->operators = std::move(kept);
}

std::string ShapeText(const std::vector<int>& shape) {
  std::vector<std::string> extents;
  for (const int extent : shape) extents.push_back(std::to_string(extent));
  return Join(extents, "x");
}

}  // namespace peekproof::models
