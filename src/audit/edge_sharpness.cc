// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/edge_sharpness.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.h"

namespace peekproof::audit {
namespace {

constexpr int kReach = 7;               // Pixels to either side of an edge.
constexpr int kEdgeStep = 2;            // Grid on which edges are looked for.
constexpr float kLeastGradient = 4.0F;  // Levels per pixel.
constexpr int kLeastContrast = 30;      // Levels.

// Steepest step and contrast along the gradient through (x, y).
struct Crossing {
  int steepest = 0;
  int contrast = 0;
  int offset = 0;  // Of the pixel's level from the middle of the contrast.
};

Crossing Cross(const cv::Mat1b& grey, int x, int y, float ux, float uy) {
  int low = 255;
  int high = 0;
  Crossing crossing;
  int previous = -1;
  for (int s = -kReach; s <= kReach; ++s) {
    const int px = x + static_cast<int>(std::lround(ux * static_cast<float>(s)));
    const int py = y + static_cast<int>(std::lround(uy * static_cast<float>(s)));
    const int level = grey(py, px);
    low = std::min(low, level);
    high = std::max(high, level);
    if (previous >= 0) crossing.steepest = std::max(crossing.steepest, std::abs(level - previous));
    previous = level;
  }
  crossing.contrast = high - low;
  crossing.offset = std::abs(2 * grey(y, x) - high - low) / 2;
  return crossing;
}

}  // namespace

void EdgeSharpness::Add(const cv::Mat1b& grey, const cv::Mat1b& where) {
  PEEKPROOF_CHECK(grey.size() == where.size(), "grey and where differ in size");
  for (int y = kReach + 1; y < grey.rows - kReach - 1; y += kEdgeStep) {
    for (int x = kReach + 1; x < grey.cols - kReach - 1; x += kEdgeStep) {
      if (where(y, x) == 0) continue;
      const float dx = 0.5F * static_cast<float>(grey(y, x + 1) - grey(y, x - 1));
      const float dy = 0.5F * static_cast<float>(grey(y + 1, x) - grey(y - 1, x));
      const float gradient = std::hypot(dx, dy);
      if (gradient < kLeastGradient) continue;
      const Crossing crossing = Cross(grey, x, y, dx / gradient, dy / gradient);
      if (crossing.contrast < kLeastContrast || 10 * crossing.offset > 3 * crossing.contrast) continue;
      ++edges_;
      ++counts_[kBins * static_cast<size_t>(crossing.steepest) / static_cast<size_t>(crossing.contrast)];
    }
  }
}

double EdgeSharpness::Quantile(double quantile) const {
  int64_t below = 0;
  for (size_t bin = 0; bin < counts_.size(); ++bin) {
    below += counts_[bin];
    if (below > 0 && static_cast<double>(below) >= quantile * static_cast<double>(edges_)) {
      return static_cast<double>(bin) / kBins;
    }
  }
  return 0.0;
}

}  // namespace peekproof::audit
