// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// The float that an IEEE 754 binary16 number stands for.
float FloatFromHalf(uint16_t half);

/// Bytes that one element takes in a file.
size_t ElementSize(TensorType type);

/// Copies a float32 or int32 constant from its bytes (ElementCount x ElementSize of them) into `tensor`.
void LoadConstant(std::span<const uint8_t> raw, TfliteTensor* tensor);

/// What DEQUANTIZE makes of the constant `source` with the bytes `raw`, whose number has been checked.
///
/// Errors  kCorruptData where scales, zero points and the shape contradict each other.
Result<std::vector<float>> Dequantise(const TfliteTensor& source, std::span<const uint8_t> raw);

}  // namespace peekproof::models
