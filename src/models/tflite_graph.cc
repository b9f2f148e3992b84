// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_graph.h"

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

std::string ShapeText(const std::vector<int>& shape) {
  std::vector<std::string> extents;
  for (const int extent : shape) extents.push_back(std::to_string(extent));
  return Join(extents, "x");
}

}  // namespace peekproof::models
