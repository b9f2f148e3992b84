// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "engines/bilinear_axis.h"

namespace peekproof::engines {

struct GuidedFilterOptions {
  int radius = 8;         ///< The window has 2 * radius + 1 subsampled pixels a side; 1 to 31.
  float epsilon = 1e-4F;  ///< Regularisation, guide in [0, 1]; greater than 0.
  int subsample = 1;      ///< 1: the exact filter. s: the fast one on every s-th pixel; 1 to 16.
};

/// Guided filter with a grey guide: the mask becomes a linear function of the guide in every window, so its
/// edge moves to the guide's.
///
/// With windows clipped to the picture, a = cov(guide, mask) / (var(guide) + epsilon), b = mean(mask) -
/// a mean(guide), and refined = mean(a) guide + mean(b), means over the window, clamped to [0, 1]. With
/// subsample s, a and b are computed on a grid of s x s pixels: the guide's mean over each, the mask read
/// bilinearly at their centres; mean(a) and mean(b) are read bilinearly at each frame pixel.
///
/// Source  He, Sun, Tang, "Guided Image Filtering", TPAMI 2013; He, Sun, "Fast Guided Filter", 2015. Differs:
///         the mask is rounded to 1/4080 first (8-bit values are kept exactly), which makes the window sums
///         exact integers; the mask may have any size.
/// Cost    Independent of the radius.
/// Threads Rows in parallel; the result does not depend on the number of threads or the processor. One Apply
///         at a time. Allocates at the first frame of a size only.
class GuidedFilter {
 public:
  explicit GuidedFilter(const GuidedFilterOptions& options);

  /// In      guide: luma at the frame's size. mask: soft mask in [0, 1], of any size, pixel centres aligned.
  ///         Neither empty.
  /// Out     refined: in [0, 1], at the frame's size; reused buffer. A uniform mask comes out as it is,
  ///         rounded to 1/4080.
  void Apply(const cv::Mat1b& guide, const cv::Mat1f& mask, cv::Mat1f* refined);

 private:
  void Prepare(cv::Size size, cv::Size mask_size);
  void Shrink(const cv::Mat1b& guide, const cv::Mat1f& mask);
  void FitLines(const cv::Mat1b& guide, int first_row, int end_row);
  void AverageLines(int first_row, int end_row);

  GuidedFilterOptions options_;
  cv::Size size_;
  cv::Size mask_size_;
  cv::Size grid_;
  BilinearAxis mask_x_;  ///< From the mask to the grid.
  BilinearAxis mask_y_;
  BilinearAxis frame_x_;  ///< From the grid to the frame.
  BilinearAxis frame_y_;
  std::vector<double> inverse_length_;  ///< Of each window, along x.
  cv::Mat1f mask_wide_;
  cv::Mat1f mask_scaled_;
  cv::Mat1b grid_guide_;
  cv::Mat_<uint16_t> grid_mask_;  ///< 4080 times the mask.
  cv::Mat1f slope_;               ///< a, per step of the 8-bit guide.
  cv::Mat1f level_;               ///< b.
  cv::Mat1f wide_slope_;          ///< mean(a), at the frame's width.
  cv::Mat1f wide_level_;
};

}  // namespace peekproof::engines
