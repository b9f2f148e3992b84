// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/bilinear_axis.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

PEEKPROOF_VECTOR_CLONES void Widen(const int* left, const int* right, const float* share, int count,
                                   const float* source, float* wide) {
  for (int x = 0; x < count; ++x) {
    const float first = source[left[x]];
    wide[x] = first + share[x] * (source[right[x]] - first);
  }
}

PEEKPROOF_VECTOR_CLONES void Mix(const float* first, const float* second, float share, int count,
                                 float* mixed) {
  for (int x = 0; x < count; ++x) mixed[x] = first[x] + share * (second[x] - first[x]);
}

}  // namespace

BilinearAxis MakeBilinearAxis(int size, int source_size, double scale, double shift) {
  PEEKPROOF_CHECK(size > 0 && source_size > 0, "axis of {} from {}", size, source_size);
  BilinearAxis axis;
  for (int i = 0; i < size; ++i) {
    const double position = scale * (i + 0.5) - 0.5 + shift;
    const int left = static_cast<int>(std::floor(position));
    axis.left.push_back(std::clamp(left, 0, source_size - 1));
    axis.right.push_back(std::clamp(left + 1, 0, source_size - 1));
    axis.share.push_back(static_cast<float>(position - left));
  }
  return axis;
}

BilinearAxis MakeBilinearAxis(int size, int source_size) {
  return MakeBilinearAxis(size, source_size, static_cast<double>(source_size) / size);
}

void WidenRow(const BilinearAxis& axis, const float* source, float* wide) {
  Widen(axis.left.data(), axis.right.data(), axis.share.data(), axis.size(), source, wide);
}

void MixRows(const float* first, const float* second, float share, int count, float* mixed) {
  Mix(first, second, share, count, mixed);
}

void ScaleBilinear(const cv::Mat1f& source, const BilinearAxis& axis_x, const BilinearAxis& axis_y,
                   cv::Mat1f* scratch, cv::Mat1f* scaled) {
  scratch->create(source.rows, axis_x.size());
  scaled->create(axis_y.size(), axis_x.size());
  const auto widen = [&](int first, int end) {
    for (int y = first; y < end; ++y) WidenRow(axis_x, source.ptr<float>(y), scratch->ptr<float>(y));
  };
  ParallelRows(source.rows, std::cref(widen));
  const auto mix = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      Mix(scratch->ptr<float>(axis_y.left[y]), scratch->ptr<float>(axis_y.right[y]), axis_y.share[y],
          axis_x.size(), scaled->ptr<float>(y));
    }
  };
  ParallelRows(axis_y.size(), std::cref(mix));
}

void MaskScaler::Apply(const cv::Mat1f& mask, cv::Size size, cv::Mat1f* scaled) {
  if (mask_size_ != mask.size() || x_.size() != size.width || y_.size() != size.height) {
    x_ = MakeBilinearAxis(size.width, mask.cols);
    y_ = MakeBilinearAxis(size.height, mask.rows);
    mask_size_ = mask.size();
  }
  ScaleBilinear(mask, x_, y_, &wide_, scaled);
}

}  // namespace peekproof::engines
