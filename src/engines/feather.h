// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Feathers a mask outward: it keeps its inside and falls off outside.
///
/// The mask is dilated by radius_px, then averaged over the square of side 2 * radius_px + 1 (clipped to the
/// frame). Outside a straight edge it falls by 1 / (2 radius_px + 1) a pixel: the k-th pixel outside has
/// 1 - k / (2 radius_px + 1) of the edge's value, and from 2 radius_px + 1 on nothing is left. No pixel is
/// less than it was: each value of its window is at least its own after the dilation.
///
/// Threads Rows in parallel; exact integer sums. One Apply at a time. Allocates at the first frame of a size
///         only.
class OutwardFeather {
 public:
  /// radius_px: 0 (changes nothing) to 64 (checked).
  explicit OutwardFeather(int radius_px);

  /// In      mask: 255 times the soft mask, not empty.
  /// Out     feathered: the same, rounded to nearest; reused buffer, must not be `mask`.
  void Apply(const cv::Mat1b& mask, cv::Mat1b* feathered);

 private:
  int radius_px_;
  cv::Mat1b dilated_;
};

/// Means over the square of side 2 * radius_px + 1 (0 to 64), clipped to the picture, rounded to nearest.
/// Out     means: reused buffer; must not be `values`. Threads and memory as above.
void WindowMean(const cv::Mat1b& values, int radius_px, cv::Mat1b* means);

}  // namespace peekproof::engines
