// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/contour_filter.h"

#include <opencv2/imgproc.hpp>

namespace peekproof::engines {

void ContourFilter::Apply(cv::Mat1b* mask) {
  cv::findContours(*mask, contours_, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  const double smallest = static_cast<double>(mask->total()) * static_cast<double>(share_);
  *mask = uint8_t{0};
  for (size_t i = 0; i < contours_.size(); ++i) {
    if (cv::contourArea(contours_[i]) <= smallest) continue;
    cv::drawContours(*mask, contours_, static_cast<int>(i), cv::Scalar(255), cv::FILLED);
  }
}

}  // namespace peekproof::engines
