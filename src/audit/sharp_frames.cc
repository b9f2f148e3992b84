// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/sharp_frames.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace peekproof::audit {
namespace {

constexpr int kTilesHigh = 40;
constexpr double kSmooth = 2.0 / 720;
constexpr float kLeastDetail = 1.0F;  // Levels, of the restored room: less is noise.
constexpr float kTimesBlurred = 3.0F;

// Of what is in every tile: a tenth of them have no more.
float NoiseOf(const cv::Mat1f& detail) {
  std::vector<float> values(detail.begin(), detail.end());
  const auto tenth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 10);
  std::nth_element(values.begin(), tenth, values.end());
  return *tenth;
}

}  // namespace

SharpFrames::SharpFrames(const cv::Mat3b& blurred, const cv::Mat3b& restored, const cv::Mat1f& presence)
    : smooth_px_(std::max(1.0, kSmooth * blurred.rows)) {
  const double side = std::max(8.0, static_cast<double>(blurred.rows) / kTilesHigh);
  grid_ = {std::max(1, cvRound(blurred.cols / side)), std::max(1, cvRound(blurred.rows / side))};
  cv::Mat1f soft;
  cv::Mat1f sharp;
  FineDetail(blurred, &soft);
  FineDetail(restored, &sharp);
  cv::Mat1f often;
  cv::resize(presence, often, grid_, 0, 0, cv::INTER_AREA);
  cv::dilate(often, often, cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
  least_ = cv::Mat1f(grid_, 0.0F);
  for (int y = 0; y < grid_.height; ++y) {
    for (int x = 0; x < grid_.width; ++x) {
      if (often(y, x) >= kSeldom || sharp(y, x) < std::max(kLeastDetail, kTimesBlurred * soft(y, x)))
        continue;
      least_(y, x) = (soft(y, x) + sharp(y, x)) / 2;
      ++tiles_;
    }
  }
}

void SharpFrames::FineDetail(const cv::Mat3b& bgr, cv::Mat1f* tiles) {
  cv::extractChannel(bgr, green_, 1);
  cv::GaussianBlur(green_, smooth_, {}, smooth_px_, smooth_px_, cv::BORDER_REPLICATE);
  cv::absdiff(green_, smooth_, difference_);
  cv::Mat mean;
  difference_.convertTo(mean, CV_32F);
  cv::resize(mean, *tiles, grid_, 0, 0, cv::INTER_AREA);
}

double SharpFrames::SharpShare(const cv::Mat3b& bgr) {
  if (tiles_ < kLeastTiles) return 0;
  FineDetail(bgr, &detail_);
  const float noise = NoiseOf(detail_);
  int sharp = 0;
  for (int y = 0; y < grid_.height; ++y) {
    for (int x = 0; x < grid_.width; ++x)
      sharp += least_(y, x) > 0 && detail_(y, x) >= std::hypot(least_(y, x), noise) ? 1 : 0;
  }
  return static_cast<double>(sharp) / tiles_;
}

}  // namespace peekproof::audit
