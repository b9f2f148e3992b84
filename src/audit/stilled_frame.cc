// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/stilled_frame.h"

#include "base/check.h"

namespace peekproof::audit {
namespace {

// How surely a pixel shows more than the wallpaper: 0 up to the limit, 1 from twice that on.
float Excess(cv::Vec3b pixel, cv::Vec3b shown, int limit) {
  const auto difference = static_cast<float>(LargestDifference(pixel, shown));
  return std::clamp(difference / static_cast<float>(limit) - 1.0F, 0.0F, 1.0F);
}

// share: of the way from V_t to V. weight: of the result against V.
cv::Vec3b Moved(cv::Vec3b pixel, cv::Vec3b shown, cv::Vec3b still, float share, float weight) {
  cv::Vec3b moved;
  for (int c = 0; c < 3; ++c) {
    const auto base = static_cast<float>(still[c]);
    const float value = static_cast<float>(pixel[c]) - share * (static_cast<float>(shown[c]) - base);
    moved[c] = cv::saturate_cast<uchar>(base + weight * (value - base));
  }
  return moved;
}

}  // namespace

void StillFrame(const cv::Mat3b& frame, const cv::Mat3b& shown, const cv::Mat3b& still,
                const image::AlphaMask& alpha, const WallpaperNoise& noise, cv::Mat3b* stilled) {
  PEEKPROOF_CHECK(
      frame.size() == shown.size() && frame.size() == still.size() && frame.size() == alpha.values.size(),
      "sizes differ");
  const cv::Mat1b texture = TextureOf(shown);
  stilled->create(frame.size());
  for (int y = 0; y < frame.rows; ++y) {
    const float* row = alpha.values[y];
    for (int x = 0; x < frame.cols; ++x) {
      const float weight = Excess(frame(y, x), shown(y, x), noise.limits()[texture(y, x)]);
      (*stilled)(y, x) = Moved(frame(y, x), shown(y, x), still(y, x), 1.0F - row[x], weight);
    }
  }
}

cv::Mat3b StillBackground(const cv::Mat3b& frame, const cv::Mat3b& shown, const cv::Mat3b& still,
                          const WallpaperNoise& noise) {
  PEEKPROOF_CHECK(frame.size() == shown.size() && frame.size() == still.size(), "sizes differ");
  const cv::Mat1b texture = TextureOf(shown);
  cv::Mat3b stilled(frame.size());
  for (int y = 0; y < frame.rows; ++y) {
    for (int x = 0; x < frame.cols; ++x) {
      const float own = Excess(frame(y, x), shown(y, x), noise.limits()[texture(y, x)]);
      stilled(y, x) = Moved(frame(y, x), shown(y, x), still(y, x), 0.0F, own);
    }
  }
  return stilled;
}

}  // namespace peekproof::audit
