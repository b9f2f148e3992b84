// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "base/result.h"

namespace peekproof::testbed {

/// The colour of a flat backdrop at every place of a clip: a smooth surface, so that hot spots, vignettes and
/// shadows of the wall belong to it.
struct BackdropModel {
  cv::Mat3f ycrcb;                      ///< 8-bit steps, COLOR_BGR2YCrCb, at the clip's size.
  cv::Mat3f linear;                     ///< The same as linear light in [0, 1], blue, green, red.
  std::array<float, 3> noise{1, 1, 1};  ///< Deviation of the backdrop's pixels from it, per channel.
  /// The part of the noise of luma that stands still: sqrt(noise^2 - change^2), change the deviation between
  /// frames over sqrt(2). A screen's is 0 to 2.5, a room's out of focus 3.5 and more. One frame alone cannot
  /// tell: all of its noise counts.
  float pattern = 0;
  cv::Vec2f hue;  ///< Unit vector of the border's common Cr and Cb from grey.
  float least_hue =
      -1e9F;  ///< Pixels whose Cr and Cb along `hue` are below are no backdrop, whatever their distance.
  float border_share = 0;  ///< Share of the frame's upper border that is backdrop, 0 to 1.
};

/// Fits a polynomial of degree 5 in x and y to each channel by iteratively reweighted least squares: first to
/// the most frequent colour of the upper border and of the sides, then to whatever lies within 4 deviations
/// of the surface of the step before, whose degree grows. Pixels of another hue than a coloured border's
/// never count, so that the surface does not lean towards a person where it is free. What the wall has beside
/// the surface (stains, the shadow of a head) is then added from near pixels, smoothed by a Gaussian of a
/// 24th of the height.
///
/// In      frames: BGR 8-bit sRGB, of one size, some moments of the clip.
///         drop: boxes, as shares of the frame, that are backdrop but do not look so: left out.
/// Errors  kUnsupported: less than 60 % of the upper border fits one surface, it is noisier than 12 steps, or
///         has a pattern of more than 3: no flat backdrop.
Result<BackdropModel> FitBackdrop(const std::vector<cv::Mat3b>& frames, const std::vector<cv::Rect2d>& drop);

/// Distance of each pixel to the backdrop, in deviations of its noise (not below 1.5 steps a channel): the
/// root of the mean square over the channels times 3. At least 1000 for pixels of another hue.
void BackdropDistance(const BackdropModel& model, const cv::Mat3b& bgr, cv::Mat1f* distance);

}  // namespace peekproof::testbed
