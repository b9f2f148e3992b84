// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/caller_motion.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace peekproof::advise {
namespace {

constexpr double kStep_s = 0.119;  // Just below every third frame at 25 a second.
constexpr double kWindow_s = 3;
constexpr int64_t kLeastWindowMasks = 12;  // A window that was cut short says little.

}  // namespace

bool CallerMotionMeter::Wants(double time_s) const { return masks_ == 0 || time_s >= last_s_ + kStep_s; }

void CallerMotionMeter::Add(const cv::Mat1f& caller, double time_s) {
  if (!Wants(time_s)) return;
  cv::resize(caller, small_, MaskSize(), 0, 0, cv::INTER_AREA);
  cv::compare(small_, 0.5, caller_, cv::CMP_GT);
  if (masks_ > 0) {
    cv::bitwise_xor(caller_, last_, change_);
    // One pixel of jitter along the outline is no motion.
    cv::morphologyEx(change_, change_, cv::MORPH_OPEN, cv::Mat1b(2, 2, uint8_t{1}));
    changed_ += cv::countNonZero(change_);
    changed_s_ += time_s - last_s_;
  }
  if (window_masks_ > 0 && time_s >= window_start_s_ + kWindow_s) CloseWindow();
  if (window_masks_ == 0) {
    window_start_s_ = time_s;
    touched_ = cv::Mat1b(MaskSize(), uint8_t{0});
  }
  const int area = cv::countNonZero(caller_);
  area_ += area;
  window_area_ += area;
  ++window_masks_;
  cv::bitwise_or(touched_, caller_, touched_);
  caller_.copyTo(last_);
  last_s_ = time_s;
  ++masks_;
}

void CallerMotionMeter::CloseWindow() {
  const double mean = window_area_ / static_cast<double>(std::max<int64_t>(1, window_masks_));
  if (mean > 0 && window_masks_ >= kLeastWindowMasks) {
    sweeps_ += cv::countNonZero(touched_) / mean - 1;
    ++windows_;
  }
  window_area_ = 0;
  window_masks_ = 0;
}

CallTraits CallerMotionMeter::Traits() const {
  if (masks_ == 0 || area_ <= 0) return {};
  CallerMotionMeter closed = *this;
  closed.touched_ = touched_.clone();
  closed.CloseWindow();
  const double area = area_ / static_cast<double>(masks_);
  return {.caller_share = area / static_cast<double>(MaskSize().area()),
          .speed_per_s = changed_s_ > 0 ? changed_ / changed_s_ / area : 0,
          .sweep = closed.windows_ > 0 ? closed.sweeps_ / static_cast<double>(closed.windows_) : 0};
}

}  // namespace peekproof::advise
