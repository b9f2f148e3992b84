// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::attacks {

/// A picture of which some pixels count.
struct PartialPicture {
  cv::Mat1f luma;   ///< 0 to 255.
  cv::Mat1f known;  ///< 1 where it counts, else 0; of the same size.

  /// The same in half the size or another; a pixel counts where nearly all that it is made of does.
  PartialPicture ScaledTo(cv::Size size) const;
};

/// Maps points of a reference to those of a frame, in pixels whose centres are whole numbers.
using FrameFromReference = cv::Matx23d;
inline const FrameFromReference kStandsStill(1, 0, 0, 0, 1, 0);

/// The same motion told in pixels of pictures that are `scale` times as wide and high.
FrameFromReference InPixelsOf(const FrameFromReference& motion, cv::Point2d scale);
/// How far it moves the corner of a picture of this size that it moves most, in pixels.
double LargestShift(const FrameFromReference& motion, cv::Size size);

struct RefineOptions {
  int iterations = 12;       ///< At most; 1 tells cheaply whether anything moves.
  double enough_px = 0.005;  ///< Ends when a step moves no corner further.
};

/// Fits an affine motion, and a gain and an offset of the light, so that the frame looks like the reference
/// where both are known. Residuals count in full up to 1.5 times their mean, further ones linearly (Huber).
///
/// In      start: within about two pixels of the right one, or two of the finest structure's widths.
/// Out     `start` itself where fewer than kLeastKnown of the pixels are known in both.
/// Source  Lucas and Kanade 1981 with the gradients of both pictures (Benhimane and Malis 2004). Stands in
///         for ORB and RANSAC: a blur leaves no corners, and what is known is told beforehand, by the mask.
inline constexpr double kLeastKnown = 0.08;
FrameFromReference RefineMotion(const PartialPicture& reference, const PartialPicture& frame,
                                const FrameFromReference& start, const RefineOptions& options = {});

/// Mean absolute difference in levels where both are known, apart from a gain and an offset of the light.
/// Infinite where fewer than kLeastKnown are.
double ResidualOf(const PartialPicture& reference, const PartialPicture& frame,
                  const FrameFromReference& motion);

}  // namespace peekproof::attacks
