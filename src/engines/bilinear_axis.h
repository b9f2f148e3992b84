// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Bilinear interpolation along one axis: output i is
/// (1 - share[i]) * source[left[i]] + share[i] * source[right[i]], edges replicated.
struct BilinearAxis {
  std::vector<int> left;
  std::vector<int> right;
  std::vector<float> share;  ///< In [0, 1).

  int size() const { return static_cast<int>(left.size()); }
};

/// Output i reads the source at scale * (i + 1/2) - 1/2 + shift; pixel centres are aligned where scale is
/// source_size / size and shift is 0. Both sizes at least 1.
BilinearAxis MakeBilinearAxis(int size, int source_size, double scale, double shift = 0.0);
/// The same with scale = source_size / size.
BilinearAxis MakeBilinearAxis(int size, int source_size);

/// Brings a row of the source to the axis' size.
void WidenRow(const BilinearAxis& axis, const float* source, float* wide);

/// mixed = (1 - share) * first + share * second, by element; exactly `first` where both are equal.
void MixRows(const float* first, const float* second, float share, int count, float* mixed);

/// Brings `source` to axis_x's by axis_y's size. scratch, scaled: reused buffers. Rows in parallel.
void ScaleBilinear(const cv::Mat1f& source, const BilinearAxis& axis_x, const BilinearAxis& axis_y,
                   cv::Mat1f* scratch, cv::Mat1f* scaled);

/// ScaleBilinear with everything that it needs; allocates at the first mask of a size only.
class MaskScaler {
 public:
  /// In      mask, size: not empty. Out  scaled: reused; must not be `mask`.
  void Apply(const cv::Mat1f& mask, cv::Size size, cv::Mat1f* scaled);

 private:
  cv::Size mask_size_;
  BilinearAxis x_;
  BilinearAxis y_;
  cv::Mat1f wide_;
};

}  // namespace peekproof::engines
