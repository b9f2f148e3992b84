// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::image {

/// How well "the background is one still picture" describes the frames of a call.
///
/// Landmarks of `share`: 0.99 and more for a still wallpaper, however coded; about 0.9 when it sways by its
/// codec or is slightly wrong; below 0.7 for animated wallpapers and for the plain room of a moving camera.
struct StaticModelFit {
  double share = 0;  ///< Of the background samples, those within the tolerance of the picture.
  double mean_deviation =
      0;                ///< Mean over background samples of the largest channel difference, 8-bit steps.
  int64_t samples = 0;  ///< 0: nothing was seen; share and mean_deviation mean nothing then.
  cv::Mat1f within;     ///< On the grid: share of that place, in [0, 1]; negative where none was seen.
};

/// Measures StaticModelFit on a grid of pixels. Not thread-safe. Order and grouping of frames do not matter.
class StaticModelMeter {
 public:
  /// tolerance: largest channel difference that counts as equal. step_px: distance of the grid's pixels.
  explicit StaticModelMeter(cv::Size size, int tolerance = 16, int step_px = 4);

  /// In      bgr: frame. picture: the supposed still background. caller: 255 where a frame shows the caller
  /// or
  ///         his rim, so that the pixel says nothing; may be empty. All of the size given.
  void Add(const cv::Mat3b& bgr, const cv::Mat3b& picture, const cv::Mat1b& caller);

  StaticModelFit Fit() const;

 private:
  cv::Size size_;
  int tolerance_;
  int step_px_;
  cv::Mat1i seen_;
  cv::Mat1i equal_;
  int64_t deviation_ = 0;
};

}  // namespace peekproof::image
