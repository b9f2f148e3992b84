// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/inference_backend.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// Runs a graph as a network of OpenCV dnn. OpenCV works on planes: input and output are transposed on the
/// way. While a network runs, OpenCV's parallel loops in this process run serially (one thread per network).
///
/// Errors  kUnsupported where OpenCV refuses a layer; kInternal when it fails otherwise.
Result<std::unique_ptr<InferenceBackend>> MakeOpenCvBackend(const TfliteGraph& graph);

/// Wraps a network that OpenCV has read itself (ONNX): `input_name` takes 1 x channels x height x width.
/// input_shape is 1 x height x width x channels. Runs it once on zeros to learn the shape of its first
/// output.
///
/// Out     backend; `output_shape` as 1 x height x width x channels.
/// Errors  kUnsupported, naming what was found, when it does not run or its output has no such shape.
Result<std::unique_ptr<InferenceBackend>> WrapOpenCvNet(const cv::dnn::Net& net,
                                                        const std::string& input_name,
                                                        const std::vector<int>& input_shape,
                                                        std::vector<int>* output_shape);

}  // namespace peekproof::models
