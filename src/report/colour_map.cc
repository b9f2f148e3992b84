// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/colour_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace peekproof::report {
namespace {

/// Anchors at equal distances, BGR. Their CIE lightness is about 27, 42, 53, 66, 78, 93.
constexpr std::array<std::array<double, 3>, 6> kAnchors = {{
    {140, 42, 75},
    {181, 95, 63},
    {158, 138, 28},
    {122, 180, 44},
    {62, 210, 150},
    {70, 238, 250},
}};

}  // namespace

cv::Vec3b MapColour(double value) {
  const double clamped = value > 0 ? std::min(value, 1.0) : 0.0;  // NaN gives 0
  const double position = clamped * (kAnchors.size() - 1);
  const size_t low = std::min(static_cast<size_t>(position), kAnchors.size() - 2);
  const double share = position - static_cast<double>(low);
  cv::Vec3b bgr;
  for (int c = 0; c < 3; ++c) {
    const double mixed = kAnchors[low][c] + share * (kAnchors[low + 1][c] - kAnchors[low][c]);
    bgr[c] = static_cast<uchar>(std::lround(mixed));
  }
  return bgr;
}

std::string MapGradientCss() {
  std::string css = "linear-gradient(to right";
  for (size_t i = 0; i < kAnchors.size(); ++i) {
    const cv::Vec3b bgr = MapColour(static_cast<double>(i) / (kAnchors.size() - 1));
    css += fmt::format(",#{:02x}{:02x}{:02x}", bgr[2], bgr[1], bgr[0]);
  }
  return css + ")";
}

}  // namespace peekproof::report
