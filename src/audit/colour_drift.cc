// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/colour_drift.h"

#include <algorithm>
#include <cmath>

namespace peekproof::audit {

void ColourDrift::Add(const cv::Mat3b& thumbnail, const cv::Mat1b& settled) {
  if (samples_.empty()) {
    samples_ = cv::Mat1f(thumbnail.size(), 0.0F);
    centre_ = cv::Mat3f(thumbnail.size(), cv::Vec3f::all(0));
    drift_ = cv::Mat1f(thumbnail.size(), 0.0F);
  }
  for (int y = 0; y < thumbnail.rows; ++y) {
    for (int x = 0; x < thumbnail.cols; ++x) {
      if (settled(y, x) != 0) AddSample(thumbnail(y, x), y, x);
    }
  }
}

void ColourDrift::AddSample(cv::Vec3b colour, int y, int x) {
  cv::Vec3f& centre = centre_(y, x);
  float& samples = samples_(y, x);
  samples += 1;
  if (samples == 1) {
    centre = cv::Vec3f(colour);
    return;
  }
  float most = 0;
  for (int c = 0; c < 3; ++c) {
    const float off = std::clamp(static_cast<float>(colour[c]) - centre[c], -kMostDrift, kMostDrift);
    most = std::max(most, std::abs(off));
    centre[c] += off / samples;
  }
  drift_(y, x) += most;
}

cv::Mat1f ColourDrift::Mean() const {
  cv::Mat1f compared;
  cv::max(samples_ - 1, 1.0, compared);
  cv::Mat1f mean;
  cv::divide(drift_, compared, mean);
  return mean;
}

}  // namespace peekproof::audit
