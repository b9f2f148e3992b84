// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Keeps the large pieces of a mask, filled. Every pixel that is not 0 belongs to a piece (joined over
/// corners as well); a piece counts with the area inside its outer contour, and those of more than `share` of
/// the picture stay, as 255, with all that lies inside them; the rest becomes 0.
///
/// On a mask of the background this shows the room in every pocket smaller than `share`, and hides every
/// piece of the caller that the background surrounds.
///
/// Source  obs-backgroundremoval, background-filter.cpp; engines notes 1.6. OpenCV's own contours, whose area
///         runs through the border pixels' centres: a rectangle of w x h pixels counts (w - 1)(h - 1).
class ContourFilter {
 public:
  explicit ContourFilter(float share) : share_(share) {}
  void Apply(cv::Mat1b* mask);

 private:
  float share_;
  std::vector<std::vector<cv::Point>> contours_;
};

}  // namespace peekproof::engines
