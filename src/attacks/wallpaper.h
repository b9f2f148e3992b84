// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "image/lab.h"

namespace peekproof::attacks {

/// The virtual background V, estimated or given, with what is computed from it once. Shared read-only between
/// the threads that analyse frames.
struct Wallpaper {
  cv::Mat3b bgr;         ///< H x W, BGR 8-bit sRGB.
  cv::Mat1b channel[3];  ///< The same in planes: B, G, R.
  image::LabPlanes lab;  ///< The same in CIE L*a*b*.

  cv::Mat1b known;    ///< 255 where the colour is known; elsewhere no statement can be made.
  cv::Mat1f support;  ///< Lower bound on the share of the call that shows the colour, in [0, 1]; 1 where it
                      ///< was given.

  static std::shared_ptr<const Wallpaper> Of(const cv::Mat3b& bgr);
  /// known: of the same size. The support is 1 where it is known and 0 elsewhere.
  static std::shared_ptr<const Wallpaper> Of(const cv::Mat3b& bgr, const cv::Mat1b& known);
  /// known, support: of the same size.
  static std::shared_ptr<const Wallpaper> Of(const cv::Mat3b& bgr, const cv::Mat1b& known,
                                             const cv::Mat1f& support);
};

/// From which share a pixel is likely the caller's or his rim's: of the service's alpha, of the second
/// segmentation.
inline constexpr float kDoubtfulAlpha = 3.0F / 255.0F;
inline constexpr float kDoubtfulCaller = 13.0F / 255.0F;

/// 255 where a frame shows the caller or his rim, so that its colour says little of the wallpaper there: the
/// service's alpha is at least kDoubtfulAlpha or the second segmentation at least kDoubtfulCaller. For
/// ColourVote::Add.
///
/// In      engine_alpha, caller: as in FrameEvidence; caller may be empty.
cv::Mat1b DoubtfulPixels(const cv::Mat1f& engine_alpha, const cv::Mat1f& caller);

}  // namespace peekproof::attacks
