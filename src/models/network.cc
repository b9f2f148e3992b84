// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/network.h"

#include <algorithm>
#include <cstring>
#include <opencv2/dnn.hpp>
#include <utility>

#include "models/onnx_net.h"
#include "models/onnx_signature.h"
#include "models/opencv_backend.h"
#include "models/tflite_reader.h"

namespace peekproof::models {
namespace {

bool IsTflite(std::span<const uint8_t> bytes) {
  return bytes.size() >= 8 && std::memcmp(bytes.data() + 4, "TFL3", 4) == 0;
}

bool MadeBySigmoid(const TfliteGraph& graph, int tensor) {
  return std::any_of(graph.operators.begin(), graph.operators.end(), [&](const TfliteOperator& node) {
    return node.kind == OperatorKind::kLogistic && node.outputs[0] == tensor;
  });
}

Result<Network> LoadTflite(std::span<const uint8_t> bytes, BackendKind kind) {
  PEEKPROOF_ASSIGN_OR_RETURN(TfliteGraph read, ReadTflite(bytes));
  const auto graph = std::make_shared<const TfliteGraph>(std::move(read));
  PEEKPROOF_ASSIGN_OR_RETURN(ChosenBackend chosen, MakeBackend(graph, kind));
  Network network;
  network.backend = std::move(chosen.backend);
  network.fallback = std::move(chosen.fallback);
  network.input_shape = graph->tensors[static_cast<size_t>(graph->inputs[0])].shape;
  for (const int output : graph->outputs) {
    network.outputs.push_back(
        {graph->tensors[static_cast<size_t>(output)].shape, MadeBySigmoid(*graph, output)});
  }
  return network;
}

Result<Network> LoadOnnx(std::span<const uint8_t> bytes, BackendKind kind) {
  if (kind == BackendKind::kXnnpack) return Error{ErrorCode::kUnsupported, "XNNPACK runs TFLite files only"};
  PEEKPROOF_ASSIGN_OR_RETURN(const OnnxSignature signature, ReadOnnxSignature(bytes));
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::dnn::Net net, ReadOnnxNet(bytes));
  const std::vector<int>& planes = signature.input_shape;
  Network network;
  network.input_shape = {1, planes[2], planes[3], planes[1]};
  NetworkOutput output;
  output.behind_sigmoid = signature.output_operator == "Sigmoid";
  PEEKPROOF_ASSIGN_OR_RETURN(network.backend,
                             WrapOpenCvNet(net, signature.input_name, network.input_shape, &output.shape));
  network.outputs = {output};
  return network;
}

}  // namespace

Result<Network> LoadNetwork(std::span<const uint8_t> bytes, BackendKind kind) {
  return IsTflite(bytes) ? LoadTflite(bytes, kind) : LoadOnnx(bytes, kind);
}

}  // namespace peekproof::models
