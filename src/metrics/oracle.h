// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "image/mask.h"
#include "image/reconstruction.h"

namespace peekproof::metrics {

/// One frame of a call, and what an oracle knows of it. All of one size.
struct OracleFrame {
  const cv::Mat3b& recorded;             ///< As the attacker has it, BGR 8-bit sRGB.
  const cv::Mat3b& wallpaper;            ///< Behind the caller in this frame.
  const image::AlphaMask& engine_alpha;  ///< True weight of the camera's pixel.
  const image::AlphaMask& leak_alpha;    ///< The same clear of the caller and of the edge band, else 0.
  double time_s = 0;
};

/// What an attacker could recover who is told what attacks have to guess: the ceilings of attacks that copy
/// and of attacks that un-blend. An attack above its ceiling is wrong, or the ceiling is.
///
/// Un-blending: the least-squares solution B of Y = a B + (1 - a) V over all frames, in 8-bit sRGB, where a
/// is the true alpha and frames in which the caller is at the pixel are left out. Copying: the recorded
/// colour of the frame with the highest alpha. Engines that also let the wallpaper shine on the caller (light
/// wrapping) do not follow this model exactly; their un-blending ceiling is then a little low.
///
/// Memory: eleven values a pixel, whatever the length.
class Oracle {
 public:
  explicit Oracle(cv::Size size);

  /// Frames in which nothing passed through the engine (raw ones) are not to be added.
  void Add(const OracleFrame& frame);

  /// True alpha and true caller. Confidence is the probability that noise of `noise` 8-bit steps a frame
  /// leaves the colour within 10 steps: erf(10 / (sqrt(2) noise / sqrt(sum a^2))). Pixels whose alpha never
  /// reached 1/64 are absent.
  image::Reconstruction Unblended(double noise = 3) const;
  /// True caller, colours as recorded. Confidence is the alpha.
  image::Reconstruction Copied() const;

 private:
  cv::Mat3f weighted_;     ///< Sum of a (Y - (1 - a) V).
  cv::Mat1f information_;  ///< Sum of a^2.
  cv::Mat1f highest_alpha_;
  cv::Mat3b highest_colour_;
  cv::Mat_<uint16_t> frames_;
  cv::Mat1f first_s_;
  cv::Mat1f last_s_;
};

}  // namespace peekproof::metrics
