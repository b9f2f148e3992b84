// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace peekproof::models::testing {

/// A small generated network, as a TFLite file.
struct GraphCase {
  std::string name;
  std::vector<uint8_t> bytes;
  bool runs_on_xnnpack = true;
};

/// Networks of one to three operators each, with random weights, that sweep what the backends must agree on:
/// every operator; both paddings; odd and even sizes; strides, dilations, asymmetric pads; all three resize
/// conventions; fused activations; concatenation of several inputs; both sides of a broadcast product.
std::vector<GraphCase> AllGraphCases();

/// A network like the selfie models in small: float16 weights behind DEQUANTIZE, strided convolutions,
/// squeeze and excitation, upsampling, Convolution2DTransposeBias and a sigmoid. height and width are
/// multiples of 8.
std::vector<uint8_t> SmallSegmenter(int height, int width, int output_channels, bool sigmoid);

}  // namespace peekproof::models::testing
