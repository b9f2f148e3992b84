// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/skin.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"

namespace peekproof::attacks {
namespace {

constexpr int kReciprocalShift = 12;  // Fixed point of the reciprocals, as OpenCV's.

using Reciprocals = std::array<int, 256>;

/// round(scale * 2^12 / i), 0 for i = 0; none lies halfway.
constexpr Reciprocals MakeReciprocals(int scale) {
  Reciprocals table{};
  for (int i = 1; i < 256; ++i)
    table[static_cast<size_t>(i)] = ((scale << (kReciprocalShift + 1)) + i) / (2 * i);
  return table;
}

constexpr Reciprocals kSaturationOf = MakeReciprocals(255);
constexpr Reciprocals kHueOf = MakeReciprocals(180 / 6);
constexpr int kHalf = 1 << (kReciprocalShift - 1);

int Hue(int b, int g, int r, int value, int range) {
  int sector = r - g + 4 * range;
  if (value == r) {
    sector = g - b;
  } else if (value == g) {
    sector = b - r + 2 * range;
  }
  const int hue = (sector * kHueOf[static_cast<size_t>(range)] + kHalf) >> kReciprocalShift;
  return hue < 0 ? hue + 180 : hue;
}

int Saturation(int value, int range) {
  return (range * kSaturationOf[static_cast<size_t>(value)] + kHalf) >> kReciprocalShift;
}

/// HsvOfBgr of a colour inside `range`; false for those outside, most of which end early.
[[gnu::always_inline]] inline bool HsvInside(const uint8_t* bgr, const HsvRange& range, cv::Vec3i* hsv) {
  const int b = bgr[0];
  const int g = bgr[1];
  const int r = bgr[2];
  const int value = std::max(std::max(b, g), r);
  if (value < range.low[2] || value > range.high[2]) return false;
  const int spread = value - std::min(std::min(b, g), r);
  const int saturation = Saturation(value, spread);
  if (saturation < range.low[1] || saturation > range.high[1]) return false;
  const int hue = Hue(b, g, r, value, spread);
  *hsv = {hue, saturation, value};
  return hue >= range.low[0] && hue <= range.high[0];
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
  const int value = std::max({bgr[0], bgr[1], bgr[2]});
  const int range = value - std::min({bgr[0], bgr[1], bgr[2]});
  return {static_cast<uint8_t>(Hue(bgr[0], bgr[1], bgr[2], value, range)),
          static_cast<uint8_t>(Saturation(value, range)), static_cast<uint8_t>(value)};
}

int RemoveColours(const HsvRange& range, const uint8_t* bgr, int n, uint8_t* flags) {
  constexpr int kStretch = 8;
  int removed = 0;
  for (int x = 0; x < n; x += kStretch) {
    const int count = std::min(kStretch, n - x);
    uint64_t stretch = 0;
    std::memcpy(&stretch, flags + x, static_cast<size_t>(count));
    if (stretch == 0) continue;
    for (int i = x; i < x + count; ++i) {
      cv::Vec3i hsv;
      if (flags[i] == 0 || !HsvInside(bgr + static_cast<ptrdiff_t>(3 * i), range, &hsv)) continue;
      flags[i] = 0;
      ++removed;
    }
  }
  return removed;
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
      cv::Vec3i hsv;
      if (!HsvInside(colours + static_cast<ptrdiff_t>(3 * x), gate, &hsv)) continue;
      ++total;
      for (size_t c = 0; c < 3; ++c) ++counts[c][static_cast<size_t>(hsv[static_cast<int>(c)])];
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
