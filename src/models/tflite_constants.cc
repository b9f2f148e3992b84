// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_constants.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace peekproof::models {
namespace {

/// For each element the index of its scale: always 0 per tensor, else its place along the quantised axis.
struct ChannelWalk {
  size_t inner = 1;     ///< Elements that share one scale in a row.
  size_t channels = 1;  ///< Number of scales.

  size_t ChannelOf(size_t element) const { return (element / inner) % channels; }
};

Result<ChannelWalk> WalkOf(const TfliteTensor& source) {
  const Quantisation& quantisation = source.quantisation;
  const Error contradiction{ErrorCode::kCorruptData, "a quantised constant's scales do not fit its shape"};
  const size_t channels = quantisation.scale.size();
  if (channels == 0 || quantisation.zero_point.size() != channels) return contradiction;
  for (const float scale : quantisation.scale) {
    if (!std::isfinite(scale)) return contradiction;
  }
  ChannelWalk walk;
  if (channels == 1) return walk;
  const auto rank = static_cast<int>(source.shape.size());
  if (quantisation.dimension < 0 || quantisation.dimension >= rank) return contradiction;
  if (static_cast<size_t>(source.shape[static_cast<size_t>(quantisation.dimension)]) != channels) {
    return contradiction;
  }
  walk.channels = channels;
  for (int axis = quantisation.dimension + 1; axis < rank; ++axis) {
    walk.inner *= static_cast<size_t>(source.shape[static_cast<size_t>(axis)]);
  }
  return walk;
}

}  // namespace

float FloatFromHalf(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000U) << 16U;
  const uint32_t exponent = (half >> 10U) & 0x1fU;
  const uint32_t mantissa = half & 0x3ffU;
  if (exponent == 0) {
    const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
    return sign != 0 ? -magnitude : magnitude;
  }
  const uint32_t wide = exponent == 0x1f ? 0xffU : exponent + 112;
  return std::bit_cast<float>(sign | (wide << 23U) | (mantissa << 13U));
}

size_t ElementSize(TensorType type) {
  switch (type) {
    case TensorType::kFloat32:
    case TensorType::kInt32:
      return 4;
    case TensorType::kFloat16:
      return 2;
    case TensorType::kUint8:
    case TensorType::kInt8:
      return 1;
  }
  return 1;
}

void LoadConstant(std::span<const uint8_t> raw, TfliteTensor* tensor) {
  const size_t count = raw.size() / ElementSize(tensor->type);
  if (tensor->type == TensorType::kFloat32) {
    tensor->floats.resize(count);
    std::memcpy(tensor->floats.data(), raw.data(), raw.size());
  } else {
    tensor->integers.resize(count);
    std::memcpy(tensor->integers.data(), raw.data(), raw.size());
  }
}

Result<std::vector<float>> Dequantise(const TfliteTensor& source, std::span<const uint8_t> raw) {
  std::vector<float> values(ElementCount(source.shape));
  if (source.type == TensorType::kFloat16) {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = FloatFromHalf(static_cast<uint16_t>(raw[2 * i] | (raw[2 * i + 1] << 8)));
    }
    return values;
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const ChannelWalk walk, WalkOf(source));
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t channel = walk.ChannelOf(i);
    const int stored = source.type == TensorType::kInt8 ? static_cast<int8_t>(raw[i]) : raw[i];
    const auto zero_point = static_cast<double>(source.quantisation.zero_point[channel]);
    values[i] = static_cast<float>(source.quantisation.scale[channel] * (stored - zero_point));
  }
  return values;
}

}  // namespace peekproof::models
