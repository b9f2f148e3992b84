// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::attacks {

/// The background of a call on average over its frames, without the caller.
struct AveragedRoom {
  cv::Mat3f mean;    ///< BGR, 0 to 255, sRGB as it is stored; 0 where no frame counts.
  cv::Mat1f frames;  ///< Frames that count at each pixel.
  /// Standard deviation over time of a pixel's green in one frame, in levels: camera noise that survived the
  /// blur, codec noise, changes of light. Root mean square over the pixels that many frames count at.
  double frame_noise = 0;

  /// 255 where at least `least` frames count.
  cv::Mat1b Known(int least = 1) const;
};

/// What a frame counts in an average.
enum class FrameWeights {
  kEqual,
  /// At each place the inverse of the frame's variance around it, and 0.1 more, which rounding leaves: of the
  /// mean square of what distinguishes it from the average so far within a square of a 24th of the height,
  /// what is not the average's own variance, but at least half. What a codec coarsened, what was aligned
  /// badly and what the light changed counts less. The first frame is taken for one of variance 4.
  kByNoise,
};

/// Averages frames pixel by pixel, each pixel over the frames in which the caller is not there. The caller's
/// pixels are left out, not painted black: a deviation from the blur study's pipeline, whose median takes the
/// black for room.
///
/// Memory  24 bytes a pixel, however long the call; 28 with weights, and 8 while a frame is added.
/// Threads  Rows in parallel; results do not depend on them.
class RoomAverage {
 public:
  explicit RoomAverage(cv::Size size, FrameWeights weights = FrameWeights::kEqual);

  /// In      bgr: BGR 8-bit sRGB. excluded: 255 where the frame does not count. Both of the size given.
  void Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded);
  AveragedRoom Finish() const;

 private:
  cv::Mat1f WeightsOf(const cv::Mat3b& bgr, const cv::Mat1b& excluded) const;

  cv::Mat3f sum_;            ///< Of weight times colour.
  cv::Mat1f weight_;         ///< Of the weights; empty where all are 1.
  cv::Mat1f green_squares_;  ///< Sum of (green - first green)^2, which loses no digits on long calls,
  cv::Mat1f green_sum_;      ///< and of green - first green.
  cv::Mat1b first_green_;
  cv::Mat1f frames_;
};

}  // namespace peekproof::attacks
