// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::models {

/// What an ONNX file says of itself, as far as a picture network needs it.
struct OnnxSignature {
  std::string input_name;
  std::vector<int> input_shape;  ///< 1 x channels x height x width; 0 for sides that are open.
  std::string output_operator;   ///< Operator that makes the first output: "Sigmoid", "Conv", ...
};

/// Whether a network may leave it open how large its pictures are.
enum class PictureSides { kFixed, kFixedOrOpen };

/// Reads the signature of an ONNX file from untrusted bytes: a walk over the protocol buffer that checks
/// every length. OpenCV tells neither an ONNX network's input size nor where its outputs come from.
///
/// Errors  kCorruptData for what is no ONNX file; kUnsupported, naming what was found, when its one picture
///         input is not of size 1 x channels x height x width, fixed unless `sides` says otherwise.
/// Source  onnx.proto3: ModelProto.graph 7, GraphProto.node 1, initializer 5, input 11, output 12.
Result<OnnxSignature> ReadOnnxSignature(std::span<const uint8_t> bytes,
                                        PictureSides sides = PictureSides::kFixed);

}  // namespace peekproof::models
