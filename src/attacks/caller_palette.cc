// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/caller_palette.h"

#include <algorithm>

namespace peekproof::attacks {
namespace {

constexpr int kStep = 4;
constexpr float kSurelyCaller = 0.95F;
constexpr int kPaletteShift = 3;  // 256 levels to 32.

}  // namespace

CallerPalette::CallerPalette() : counts_(static_cast<size_t>(kLevels) * kLevels * kLevels, 0) {}

void CallerPalette::Add(const cv::Mat3b& frame, const image::AlphaMask& caller) {
  const cv::Mat1f& mask = caller.values;
  const int inset = std::max(1, mask.rows / 25);
  for (int y = inset; y < mask.rows; y += kStep) {
    // Below the frame's edge the caller goes on.
    const float* below = mask[std::min(mask.rows - 1, y + inset)];
    const float* above = mask[y - inset];
    const float* row = mask[y];
    const cv::Vec3b* pixels = frame[y];
    for (int x = inset; x < mask.cols - inset; x += kStep) {
      const float least = std::min({row[x], row[x - inset], row[x + inset], above[x], below[x]});
      if (least < kSurelyCaller) continue;
      const size_t b = pixels[x][0] >> kPaletteShift;
      const size_t g = pixels[x][1] >> kPaletteShift;
      const size_t r = pixels[x][2] >> kPaletteShift;
      ++counts_[(b * kLevels + g) * kLevels + r];
      ++total_;
    }
  }
}

float CallerPalette::Density(cv::Vec3b bgr) const {
  if (total_ == 0) return 0.0F;
  const int b = bgr[0] >> kPaletteShift;
  const int g = bgr[1] >> kPaletteShift;
  const int r = bgr[2] >> kPaletteShift;
  uint64_t count = 0;
  for (int i = std::max(0, b - 1); i <= std::min(kLevels - 1, b + 1); ++i) {
    for (int j = std::max(0, g - 1); j <= std::min(kLevels - 1, g + 1); ++j) {
      for (int k = std::max(0, r - 1); k <= std::min(kLevels - 1, r + 1); ++k) {
        count += counts_[static_cast<size_t>((i * kLevels + j) * kLevels + k)];
      }
    }
  }
  constexpr double kBinsPerCell = static_cast<double>(kLevels) * kLevels * kLevels / 27.0;
  return static_cast<float>(static_cast<double>(count) / static_cast<double>(total_) * kBinsPerCell);
}

}  // namespace peekproof::attacks
