// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::audit {

/// Tells a moving camera from a moving background: how far the picture as a whole shifts within about half a
/// second, by phase correlation of thumbnails; a shift counts where it explains most of the picture.
class CameraMotion {
 public:
  /// Thumbnails of one scene in presentation order, at about the recording's rate.
  void Add(const cv::Mat3b& thumbnail, double time_s);
  /// Starts anew after a cut.
  void Cut();

  /// Median shift in thumbnail pixels; 0 where nothing was measured.
  double MedianShiftPx() const;

 private:
  static constexpr size_t kMaxShifts = 1024;

  cv::Mat1f reference_;
  cv::Mat1f window_;
  double reference_time_s_ = 0;
  std::vector<double> shifts_px_;
};

}  // namespace peekproof::audit
