// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/wallpaper_noise.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "audit/stilled_frame.h"
#include "base/check.h"

namespace peekproof::audit {

cv::Mat1b TextureOf(const cv::Mat3b& picture) {
  cv::Mat1b grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  cv::Mat1b low;
  cv::Mat1b high;
  cv::erode(grey, low, {});
  cv::dilate(grey, high, {});
  cv::Mat1b texture;
  cv::subtract(high, low, texture);
  for (uchar& value : texture) value = static_cast<uchar>(value * WallpaperNoise::kTextures / 256);
  return texture;
}

bool WallpaperNoise::Learn(const cv::Mat3b& frame, const cv::Mat3b& shown, const cv::Mat1b& background) {
  PEEKPROOF_CHECK(frame.size() == shown.size() && frame.size() == background.size(), "sizes differ");
  constexpr int kAlike = 32;
  constexpr double kMostly = 0.6;
  const cv::Mat1b texture = TextureOf(shown);
  Counts counts{};
  int64_t all = 0;
  int64_t alike = 0;
  for (int y = 0; y < frame.rows; ++y) {
    for (int x = 0; x < frame.cols; ++x) {
      if (background(y, x) == 0) continue;
      const int difference = LargestDifference(frame(y, x), shown(y, x));
      ++counts[texture(y, x)][static_cast<size_t>(difference)];
      ++all;
      alike += difference <= kAlike ? 1 : 0;
    }
  }
  if (all == 0 || static_cast<double>(alike) < kMostly * static_cast<double>(all)) return false;
  for (size_t i = 0; i < kTextures; ++i)
    for (size_t level = 0; level < kLevels; ++level) counts_[i][level] += counts[i][level];
  RenewLimits();
  return true;
}

void WallpaperNoise::RenewLimits() {
  constexpr int64_t kLeast = 1000;
  constexpr double kShare = 0.99;
  constexpr int kMostLimit = 64;
  int limit = 4;
  for (size_t texture = 0; texture < kTextures; ++texture) {
    const auto& counts = counts_[texture];
    int64_t all = 0;
    for (const int64_t count : counts) all += count;
    if (all >= kLeast) {
      int64_t below = 0;
      int level = 0;
      for (; level < kLevels - 1; ++level) {
        below += counts[static_cast<size_t>(level)];
        if (static_cast<double>(below) >= kShare * static_cast<double>(all)) break;
      }
      limit = std::clamp(level, limit, kMostLimit);
    }
    limits_[texture] = limit;
  }
}

}  // namespace peekproof::audit
