// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::testbed {

/// Where head and body are in a cut-out, in pixels of the footage.
struct CutoutShape {
  cv::Rect2d box;     ///< Around the person, over the moments that were looked at.
  double neck_y = 0;  ///< Row at which the head ends: the narrowest below its widest, if there is one.
  double head_x = 0;  ///< Middle of the head.
  double head_half_width = 0;
  bool meets_bottom = false;  ///< The footage cuts the person off at its lower border.
};

/// Reads the shape from mattes (in [0, 1], of one size) of some moments. An empty matte gives an empty box.
CutoutShape ShapeOf(const std::vector<cv::Mat1f>& alphas);

}  // namespace peekproof::testbed
