// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "attacks/attack.h"

namespace peekproof::attacks {

/// What each pixel did while a call went by: how far it strays from the wallpaper where nobody is, how often
/// it differed from it by more than that, and how restless it was then.
///
/// Noise is the camera's, the codec's, and what is wrong with the wallpaper's estimate. Codecs blur and
/// redraw textures, so it is large there and small on plain areas. It is learned from pixels in which neither
/// network sees the caller, as mean and deviation of the largest channel difference, pooled over squares of
/// kSide pixels; differences from kLargest on are no noise.
///
/// A pixel that shows the room differs by much the same colour each time; one that shows the caller changes
/// with him.
///
/// Memory  33 bytes a pixel. Threads  Rows in parallel; the result does not depend on their number.
class PixelHistory {
 public:
  static constexpr int kSide = 9;
  static constexpr int kLargest = 64;

  /// least_difference: 8-bit steps below which nothing counts as different.
  PixelHistory(cv::Size size, float least_difference);

  /// difference: of the frame, by DifferenceToWallpaper.
  void Add(const FrameEvidence& evidence, const cv::Mat1b& difference);

  /// Largest channel difference, in 8-bit steps, from which a pixel is hardly noise: mean + 4 deviations, at
  /// least least_difference. Renewed by Add after 1, 2, 4, 8, 16, 32, 48, ... frames.
  const cv::Mat1f& limit() const { return limit_; }
  /// The limit of all frames so far.
  void RenewLimit();

  /// Share of the frames in which the pixel differed by the limit or more, in [0, 1].
  float Differing(int y, int x) const;
  /// Standard deviation of its luma in those frames, 8-bit steps.
  float Unrest(int y, int x) const;

 private:
  /// Frames after which recent sums move to the long ones: as many as they hold in 16 bits.
  static constexpr int kMostRecent = 16;
  static_assert(kMostRecent * (kLargest - 1) * (kLargest - 1) < 65536);

  void AddRow(const FrameEvidence& evidence, const cv::Mat1b& difference, int y);

  float least_difference_;
  int frames_ = 0;
  int renewed_at_ = 0;
  cv::Mat1b recent_settled_;       ///< Since the limit was renewed: frames in which nobody was there,
  cv::Mat_<uint16_t> recent_sum_;  ///< and sums of the difference and of its square over them.
  cv::Mat_<uint16_t> recent_squares_;
  cv::Mat1f settled_;  ///< The same until then.
  cv::Mat1f sum_;
  cv::Mat1f squares_;
  cv::Mat1f limit_;
  cv::Mat1f different_;  ///< Frames that differed,
  cv::Mat1f luma_;       ///< and sums of luma and its square over them.
  cv::Mat1f luma_squares_;
};

}  // namespace peekproof::attacks
