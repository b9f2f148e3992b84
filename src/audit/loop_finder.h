// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace peekproof::audit {

/// A background that repeats: which picture of one round each frame shows.
struct BackgroundLoop {
  double period_s = 0;          ///< Mean length of a round, pauses at its seam included.
  int pictures = 0;             ///< Of a round.
  double rounds = 0;            ///< How many the recording shows.
  double moving_share = 0;      ///< Of what the caller leaves free, in [0, 1].
  std::vector<int> picture_of;  ///< Of each frame that was added, in [0, pictures).
};

/// Finds out whether a background repeats, as a video does that a service loops behind the caller.
///
/// Frames are compared at 64 x 36, in grey, where the caller never is and something moves: the period is the
/// first lag at which they are nearly alike again after having been different, made exact over many rounds.
/// Services play by the clock, pause at the seam and drop pictures where they are late, so each half second
/// may stand a little earlier or later than the period says.
///
/// Memory  2.3 KB a frame, of the first kMostFrames frames.
class LoopFinder {
 public:
  static constexpr size_t kMostFrames = 18000;  ///< Ten minutes at 30 a second.
  static constexpr int kMostPictures = 600;  ///< Of a round; of longer ones each stands for several frames.
  static constexpr double kLongestPeriodS = 60;
  static constexpr double kLeastRounds = 3;

  /// Frames in presentation order; those beyond kMostFrames are passed over.
  void Add(const cv::Mat3b& thumbnail, double time_s);

  /// In      caller: share of the frames in which somebody may be at a place, of any size, in [0, 1].
  /// Out     None where too little moves beside the caller, where nothing repeats, or fewer than kLeastRounds
  ///         times.
  std::optional<BackgroundLoop> Find(const cv::Mat1f& caller) const;

 private:
  std::vector<cv::Mat1b> frames_;  ///< Each one row.
  std::vector<double> times_s_;
};

}  // namespace peekproof::audit
