// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "attacks/caller_halo.h"
#include "attacks/room_average.h"

namespace peekproof::attacks {

/// A blurred background on average over its frames, each cleared of the caller's halo, right up to him.
struct ClearedRoom {
  AveragedRoom room;
  BlurReach reach = BlurReach::kNoCaller;  ///< Of which pixels the blur was made, as it turned out.
  /// What changes over time where it is cleared as for each of kBlurReaches: AveragedRoom::frame_noise.
  std::array<double, kBlurReaches.size()> noise{};

  /// Whether the blur is made of the whole frame, the caller included; none where the ways differ by less
  /// than 3 % in noise.
  std::optional<bool> HasHalo() const;
};

/// Averages the frames of a call behind a blur in a second look, when room and blur are known about: each is
/// cleared of the halo as if the blur were made in each of three ways (kBlurReaches), and the way that leaves
/// least change over time is the service's. Without it a place counts only where the caller is 3 sigma away;
/// with it from a few pixels off him on.
///
/// Source  Ours. Memory  3 RoomAverages. Not thread-safe.
class HaloAverage {
 public:
  /// In      room: restored in the first look, BGR 8-bit sRGB. kernel: of its blur.
  HaloAverage(const cv::Mat3b& room, const engines::BlurKernel& kernel,
              FrameWeights weights = FrameWeights::kEqual);

  /// In      bgr: a recorded frame of the room's size; caller: probability, of the same size; outside: 255
  ///         where the frame shows nothing, or empty.
  void Add(const cv::Mat3b& bgr, const cv::Mat1f& caller, const cv::Mat1b& outside = {});
  ClearedRoom Finish() const;

 private:
  struct Way {
    BlurReach reach;
    CallerHalo halo;
    RoomAverage average;
  };
  std::vector<Way> ways_;
  cv::Mat3b cleared_;
};

}  // namespace peekproof::attacks
