// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "audit/audit_result.h"
#include "image/mask.h"

namespace peekproof::audit {

/// Share of the area outside the caller that does not show the wallpaper, in [0, 1]: near 1 in a frame that
/// passed through unprocessed, a few percent where only the outline leaks.
///
/// Looks at every fourth pixel of every fourth row, skips the caller with a collar of 4 % of the frame
/// height, and pixels whose wallpaper is not known. 0 when fewer than 2 % of the frame are left to look at.
///
/// In      bgr, wallpaper: H x W. caller: probability at frame size. known: 255 where the wallpaper is known.
double RoomShare(const cv::Mat3b& bgr, const cv::Mat3b& wallpaper, const cv::Mat1b& known,
                 const image::AlphaMask& caller);

/// Gathers raw frames, in presentation order, into intervals; gaps of up to two frames do not end one.
class RawFrames {
 public:
  /// Share of the background from which a frame counts as raw ("in large part").
  static constexpr double kRawShare = 0.25;

  /// Whether the frame counts as raw.
  bool Add(int64_t frame, double time_s, double room_share);

  /// The intervals, with a reason each; `start_s` is the time of the first audited frame.
  std::vector<RawInterval> Intervals(double start_s) const;

 private:
  struct Open {
    RawInterval interval;
    int64_t last_frame = 0;
  };
  std::vector<Open> intervals_;
};

/// Sorts intervals by time and joins those that overlap or follow within `gap_s`.
std::vector<RawInterval> MergeRawIntervals(std::vector<RawInterval> intervals, double gap_s);

}  // namespace peekproof::audit
