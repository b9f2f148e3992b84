// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace peekproof::models::testing {

/// A convolution with zeros around the picture, optionally followed by a sigmoid, as an ONNX file.
struct TestOnnx {
  std::vector<int64_t> input_shape{1, 3, 8, 12};  ///< Extents; 0 writes an open one ("height").
  int64_t kernel_size = 1;                        ///< Odd.
  std::vector<float> weights;                     ///< out x in x kernel_size x kernel_size, in rows.
  std::vector<float> bias;                        ///< out.
  bool sigmoid = false;
  bool list_weights_as_inputs = false;  ///< As files of IR version 3 do.
};

/// Writes the file: a minimal protocol buffer emitter.
std::vector<uint8_t> BuildOnnx(const TestOnnx& onnx);

}  // namespace peekproof::models::testing
