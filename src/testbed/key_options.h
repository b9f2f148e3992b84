// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "base/result.h"

namespace peekproof::testbed {

/// How a person is keyed from a flat backdrop.
enum class KeyMethod {
  kBackdrop,  ///< Ours: a model of the backdrop, fitted to the clip, and the matting equation.
  kPaper,     ///< Of Seeing Through's artifact: a fixed range of YCrCb, opened and feathered.
};

struct KeyOptions {
  KeyMethod method = KeyMethod::kBackdrop;

  float low =
      3.0F;  ///< Distance to the backdrop, in deviations of its noise, up to which a pixel is backdrop.
  float high = 9.0F;           ///< Distance from which it may be all person; above low.
  float despill = 1.0F;        ///< How far colours of the edge are the person's own; 0 to 1.
  float softness = 0.08F;      ///< How far backdrop may shine through the person's edge (hair), as a share of
                               ///< the height; 0 to 0.25. Only before a backdrop with a hue.
  float largest_hole = 0.01F;  ///< Share of the frame up to which a hole in the person is filled; 0 to 1.
  float least_part = 0.2F;     ///< Parts smaller than this share of the largest part are dropped; 0 to 1.
  std::vector<cv::Rect2d> drop;  ///< Boxes, as shares of the frame, inside of which all is backdrop.
  std::vector<cv::Rect2d> keep;  ///< Boxes inside of which all is person; where both lie, keep wins.

  /// Of kPaper: Y, Cr, Cb of 8 bits (OpenCV's COLOR_BGR2YCrCb) between which a pixel is backdrop.
  cv::Vec3i paper_low{150, 20, 40};
  cv::Vec3i paper_high{165, 40, 50};

  Result<void> Validate() const;
};

}  // namespace peekproof::testbed
