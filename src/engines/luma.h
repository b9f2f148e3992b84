// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// How much blue, green and red count, in 1/65536; they sum to 65536, so that grey keeps its value.
struct LumaWeights {
  int blue;
  int green;
  int red;
};

inline constexpr LumaWeights kLumaBt601{7471, 38470, 19595};  ///< 0.114, 0.587, 0.299.
inline constexpr LumaWeights kLumaBt709{4732, 46871, 13933};  ///< 0.0722, 0.7152, 0.2126.

/// Weighted sum of `count` sRGB-encoded BGR pixels in a row (not linearised), rounded to nearest.
void LumaRow(const LumaWeights& weights, const uint8_t* bgr, int count, uint8_t* luma);

/// The same of a whole picture. luma: reused buffer. Rows in parallel.
void LumaOf(const LumaWeights& weights, const cv::Mat3b& bgr, cv::Mat1b* luma);

}  // namespace peekproof::engines
