// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/camera_motion.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {
namespace {

constexpr double kLagSeconds = 0.5;
constexpr double kLeastResponse = 0.1;  // Of the correlation peak; below it there is no common shift.

}  // namespace

void CameraMotion::Add(const cv::Mat3b& thumbnail, double time_s) {
  if (!reference_.empty() && time_s - reference_time_s_ < kLagSeconds) return;
  cv::Mat1b grey;
  cv::cvtColor(thumbnail, grey, cv::COLOR_BGR2GRAY);
  cv::Mat1f current;
  grey.convertTo(current, CV_32F);
  if (window_.empty()) cv::createHanningWindow(window_, current.size(), CV_32F);
  if (!reference_.empty() && shifts_px_.size() < kMaxShifts) {
    double response = 0;
    const cv::Point2d shift = cv::phaseCorrelate(reference_, current, window_, &response);
    shifts_px_.push_back(response >= kLeastResponse ? std::hypot(shift.x, shift.y) : 0.0);
  }
  reference_ = current;
  reference_time_s_ = time_s;
}

void CameraMotion::Cut() { reference_.release(); }

double CameraMotion::MedianShiftPx() const {
  if (shifts_px_.empty()) return 0.0;
  std::vector<double> sorted = shifts_px_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

}  // namespace peekproof::audit
