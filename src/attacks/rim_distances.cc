// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/rim_distances.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

int LargestChannelDifference(const cv::Vec3b& a, const cv::Vec3b& b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

}  // namespace

void RimDistances::Update(const FrameEvidence& evidence, const Wallpaper& wallpaper,
                          const cv::Mat1f& noise_limit) {
  const cv::Mat3b& bgr = evidence.frame.bgr;
  const cv::Size half((bgr.cols + 1) / 2, (bgr.rows + 1) / 2);
  differs_.create(half);
  caller_.create(half);
  ParallelRows(half.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < half.width; ++x) {
        const int difference = LargestChannelDifference(bgr(2 * y, 2 * x), wallpaper.bgr(2 * y, 2 * x));
        differs_(y, x) = static_cast<float>(difference) >= noise_limit(2 * y, 2 * x) ? 255 : 0;
        caller_(y, x) = evidence.caller.values(2 * y, 2 * x) > 0.5F ? 255 : 0;
      }
    }
  });
  cv::medianBlur(differs_, differs_, 3);
  cv::distanceTransform(differs_, depth_, cv::DIST_L2, 3);
  const double scale = 2 * 720.0 / bgr.rows;
  depth_ *= scale;
  cv::distanceTransform(caller_, inside_, cv::DIST_L2, 3);
  cv::distanceTransform(cv::Mat1b(255 - caller_), outline_, cv::DIST_L2, 3);
  outline_ = scale * (outline_ - inside_);
}

}  // namespace peekproof::attacks
