// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::advise {

/// What the mask of a caller tells of a call.
struct CallTraits {
  double caller_share = 0;  ///< Mean part of the picture that is caller, 0 to 1.
  double speed_per_s = 0;   ///< Area that changes sides in a second, in callers' areas; 0: sits still.
  double sweep = 0;         ///< Area that the caller touches within three seconds, in callers' areas, less 1.
};

/// Gathers the traits of a call from masks in presentation order, whoever made them: a network on a
/// recording, or the test bed with its truth. Both are looked at equally: at 256 x 144, about eight times a
/// second.
class CallerMotionMeter {
 public:
  static cv::Size MaskSize() { return {256, 144}; }

  /// Whether a mask of this time would be taken.
  bool Wants(double time_s) const;
  /// Takes a mask (any size, 1 is caller), unless it comes too soon after the last one.
  void Add(const cv::Mat1f& caller, double time_s);

  /// Of the masks so far; zeros without any.
  CallTraits Traits() const;

 private:
  void CloseWindow();

  int64_t masks_ = 0;
  double area_ = 0;     ///< Sums over the masks, in mask pixels.
  double changed_ = 0;  ///< Over the steps between them.
  double changed_s_ = 0;
  double last_s_ = 0;
  double window_start_s_ = 0;
  double window_area_ = 0;
  int64_t window_masks_ = 0;
  double sweeps_ = 0;
  int64_t windows_ = 0;
  cv::Mat1f small_;
  cv::Mat1b caller_;
  cv::Mat1b last_;
  cv::Mat1b change_;
  cv::Mat1b touched_;  ///< Of the window.
};

}  // namespace peekproof::advise
