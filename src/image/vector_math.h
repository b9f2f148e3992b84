// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace peekproof::image {

// Functions that may stand in a vectorised loop: no calls, no branches. Always inlined, since a call would
// stop the vectoriser.

/// e^x, relative error below 5e-6; x is clamped to [-80, 80].
[[gnu::always_inline]] inline float FastExp(float x) {
  const float t = std::min(std::max(x, -80.0F), 80.0F) * 1.44269504F;
  const auto whole = static_cast<int32_t>(t + (t < 0.0F ? -0.5F : 0.5F));
  const float f = (t - static_cast<float>(whole)) * 0.69314718F;
  const float series =
      1.0F + f * (1.0F + f * (0.5F + f * (0.16666667F +
                                          f * (0.041666667F + f * (0.0083333333F + f * 0.0013888889F)))));
  return series * std::bit_cast<float>((whole + 127) << 23);
}

/// Natural logarithm of a positive normal number, absolute error below 4e-6: the exponent, and the series of
/// 2 artanh((m - 1) / (m + 1)) for the mantissa brought to [1/sqrt 2, sqrt 2].
[[gnu::always_inline]] inline float FastLog(float x) {
  const auto bits = std::bit_cast<int32_t>(x);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;
  const float mantissa = std::bit_cast<float>(bits - exponent * (1 << 23));
  const float s = (mantissa - 1.0F) / (mantissa + 1.0F);
  const float s2 = s * s;
  const float series = s * (2.0F + s2 * (0.66666667F + s2 * (0.4F + s2 * (0.28571429F + s2 * 0.22222222F))));
  return series + static_cast<float>(exponent) * 0.69314718F;
}

}  // namespace peekproof::image
