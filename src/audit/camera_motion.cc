// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/camera_motion.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {
namespace {

constexpr double kLagSeconds = 0.5;
constexpr double kLeastResponse = 0.05;  // Of the correlation peak; below it there is no common shift.
constexpr double kExplained = 0.55;      // Share of the picture that a camera's shift explains, caller aside.
constexpr double kImprovement = 0.1;     // And more of it than standing still explains.
constexpr float kStillTolerance = 18.0F;  // Levels.

// Share of pixels of `current` that are those of `reference` shifted.
double ExplainedShare(const cv::Mat1f& reference, const cv::Mat1f& current, const cv::Point2d& shift) {
  const cv::Matx23d move(1, 0, shift.x, 0, 1, shift.y);
  cv::Mat1f moved;
  cv::warpAffine(reference, moved, move, current.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  const cv::Mat1b same(cv::abs(moved - current) <= kStillTolerance);
  return cv::countNonZero(same) / static_cast<double>(same.total());
}

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
    // Copies, since phaseCorrelate applies the window in place.
    const cv::Point2d shift = cv::phaseCorrelate(reference_.clone(), current.clone(), window_, &response);
    const double explained = ExplainedShare(reference_, current, shift);
    const bool common = response >= kLeastResponse && explained >= kExplained &&
                        explained >= ExplainedShare(reference_, current, {}) + kImprovement;
    shifts_px_.push_back(common ? std::hypot(shift.x, shift.y) : 0.0);
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
