// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

#include "base/random.h"
#include "engines/quantize.h"

namespace peekproof::engines {

/// Independent random colours, for tests and benchmarks.
inline cv::Mat3b RandomColors(cv::Size size, uint64_t seed) {
  cv::Mat3b picture(size);
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < size.width; ++x) {
      const uint64_t bits = random.Next();
      picture(y, x) = cv::Vec3b(static_cast<uint8_t>(bits), static_cast<uint8_t>(bits >> 8),
                                static_cast<uint8_t>(bits >> 16));
    }
  }
  return picture;
}

/// A picture with slow gradients, a few hard edges and a little noise: what a camera sees.
inline cv::Mat3b SmoothColors(cv::Size size, uint64_t seed) {
  cv::Mat3b picture(size);
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(seed, 1, static_cast<uint64_t>(y));
    for (int x = 0; x < size.width; ++x) {
      const double u = static_cast<double>(x) / size.width;
      const double v = static_cast<double>(y) / size.height;
      const double edge = (static_cast<int>(u * 7) + static_cast<int>(v * 5)) % 2 == 0 ? 40.0 : 0.0;
      for (int c = 0; c < 3; ++c) {
        const double value = 90 + 60 * std::sin(6 * u + c) + 40 * std::cos(5 * v - c) + edge;
        picture(y, x)[c] = cv::saturate_cast<uint8_t>(value + 2 * random.Normal());
      }
    }
  }
  return picture;
}

/// A head and shoulders as a coarse soft mask in [0, 1]: exactly 0 and 1 away from a soft edge of
/// `edge_px` mask pixels.
inline cv::Mat1f PortraitMask(cv::Size size, float edge_px) {
  cv::Mat1f mask(size);
  const auto inside = [&](double x, double y, double cx, double cy, double rx, double ry) {
    const double dx = (x - cx * size.width) / (rx * size.width);
    const double dy = (y - cy * size.height) / (ry * size.height);
    return (1.0 - std::sqrt(dx * dx + dy * dy)) * std::min(rx * size.width, ry * size.height);
  };
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double depth = std::max(inside(x + 0.5, y + 0.5, 0.5, 0.4, 0.12, 0.28),
                                    inside(x + 0.5, y + 0.5, 0.5, 1.1, 0.3, 0.5));
      mask(y, x) = static_cast<float>(std::clamp(0.5 + depth / static_cast<double>(edge_px), 0.0, 1.0));
    }
  }
  return mask;
}

/// The same in 8 bits.
inline cv::Mat1b CoarsePortrait(cv::Size size, float edge_px) {
  cv::Mat1b coarse;
  QuantizeMask(PortraitMask(size, edge_px), &coarse);
  return coarse;
}

/// Share of pixels that differ by more than `tolerance` in any channel.
inline double ShareBeyond(const cv::Mat& a, const cv::Mat& b, double tolerance) {
  CV_Assert(a.size() == b.size() && a.type() == b.type());
  cv::Mat difference;
  cv::absdiff(a, b, difference);
  difference = difference.reshape(1);
  return static_cast<double>(cv::countNonZero(difference > tolerance)) /
         static_cast<double>(difference.total());
}

}  // namespace peekproof::engines
