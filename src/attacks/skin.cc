// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/skin.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace peekproof::attacks {
namespace {

constexpr int kShift = 12;  // Fixed point of the reciprocals, as OpenCV's.

using Reciprocals = std::array<int, 256>;

/// round(scale * 2^12 / i), 0 for i = 0.
Reciprocals MakeReciprocals(double scale) {
  Reciprocals table{};
  for (size_t i = 1; i < table.size(); ++i) {
    table[i] = cvRound(scale * (1 << kShift) / static_cast<double>(i));
  }
  return table;
}

uint8_t MedianOf(const std::array<int, 256>& counts, int total) {
  int below = 0;
  for (size_t value = 0; value < counts.size(); ++value) {
    below += counts[value];
    if (2 * below >= total) return static_cast<uint8_t>(value);
  }
  return 255;
}

}  // namespace

cv::Vec3b HsvOfBgr(const uint8_t* bgr) {
  static const Reciprocals saturation_of = MakeReciprocals(255.0);
  static const Reciprocals hue_of = MakeReciprocals(180.0 / 6.0);
  const int b = bgr[0];
  const int g = bgr[1];
  const int r = bgr[2];
  const int value = std::max({b, g, r});
  const int range = value - std::min({b, g, r});
  const int half = 1 << (kShift - 1);
  int sector = r - g + 4 * range;
  if (value == r) {
    sector = g - b;
  } else if (value == g) {
    sector = b - r + 2 * range;
  }
  int hue = (sector * hue_of[static_cast<size_t>(range)] + half) >> kShift;
  if (hue < 0) hue += 180;
  const int saturation = (range * saturation_of[static_cast<size_t>(value)] + half) >> kShift;
  return {cv::saturate_cast<uint8_t>(hue), static_cast<uint8_t>(saturation), static_cast<uint8_t>(value)};
}

std::optional<HsvRange> SkinRange(const cv::Mat3b& frame, const cv::Mat1b& caller, const HsvRange& gate,
                                  const cv::Vec3i& half_range, int step) {
  PEEKPROOF_CHECK(frame.size() == caller.size(), "sizes differ");
  std::array<std::array<int, 256>, 3> counts{};
  int total = 0;
  for (int y = 0; y < frame.rows; y += step) {
    const uint8_t* colours = frame.ptr(y);
    const uint8_t* inside = caller.ptr(y);
    for (int x = 0; x < frame.cols; x += step) {
      if (inside[x] == 0) continue;
      const cv::Vec3b hsv = HsvOfBgr(colours + static_cast<ptrdiff_t>(3 * x));
      if (!gate.Contains(hsv)) continue;
      ++total;
      for (size_t c = 0; c < 3; ++c) ++counts[c][hsv[static_cast<int>(c)]];
    }
  }
  if (total == 0) return std::nullopt;
  HsvRange range;
  for (int c = 0; c < 3; ++c) {
    const int median = MedianOf(counts[static_cast<size_t>(c)], total);
    range.low[c] = median - half_range[c];
    range.high[c] = median + half_range[c];
  }
  return range;
}

}  // namespace peekproof::attacks
