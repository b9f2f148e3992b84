// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::metrics {

/// zoomg's two ways to compare colours.
enum class ZoomgComparison {
  kCiede2000,  ///< Right below 5.06.
  kCosine,     ///< Of the angle between the BGR vectors, right above 0.99; 1 where either is black.
};

/// zoomg's verify: how many pixels of a picture have the room's colour, over all pixels.
///
/// Landmarks: 1 is the room itself; a person who covers a third of the frame keeps it below 0.67 whatever is
///         recovered; the bare wallpaper scores what it shares with the room by chance.
/// Misleads: every pixel counts, also where nobody could see the room; the person and untouched wallpaper are
///         failures, absent pixels as well; the cosine forgives any difference in brightness, and black
///         passes for every colour.
/// Source  zoomg 2.0.5, verify() with its defaults.
struct ZoomgVerdict {
  int64_t right = 0;
  int64_t wrong = 0;
  double share = 0;  ///< right / all pixels; 0 of an empty picture.
};

/// picture: the reconstruction as a picture, absent pixels in whatever colour it gives them. Aborts when the
/// sizes differ.
ZoomgVerdict ZoomgVerify(const cv::Mat3b& picture, const cv::Mat3b& room, ZoomgComparison comparison);

/// zoomg's get_omgc: pixels that differ from the wallpaper, right or wrong. Needs no truth, and so says
/// nothing of it.
int64_t ZoomgChangedPixels(const cv::Mat3b& picture, const cv::Mat3b& wallpaper);

}  // namespace peekproof::metrics
