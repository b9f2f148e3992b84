// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/upscale_mask.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/quantize.h"

namespace peekproof::engines {
namespace {

/// sums[x] = sum over k of weight[k] * rows[k * stride + x], in the order of k.
PEEKPROOF_VECTOR_CLONES void WeightedRows(const float* rows, ptrdiff_t stride, const float* weight, int taps,
                                          int count, float* sums) {
  for (int x = 0; x < count; ++x) sums[x] = weight[0] * rows[x];
  for (int k = 1; k < taps; ++k) {
    const float* row = rows + k * stride;
    const float w = weight[k];
    for (int x = 0; x < count; ++x) sums[x] += w * row[x];
  }
}

std::vector<double> GaussianKernel(double sigma) {
  if (sigma <= 0.0) return {1.0};
  const int radius = static_cast<int>(std::ceil(3.0 * sigma));
  std::vector<double> kernel(static_cast<size_t>(2 * radius + 1));
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    kernel[i + radius] = std::exp(-0.5 * i * i / (sigma * sigma));
    sum += kernel[i + radius];
  }
  for (double& value : kernel) value /= sum;
  return kernel;
}

/// Adds `weight` times the interpolated coarse sample under output index i to dense[coarse index].
void AddSample(MaskSampling sampling, int i, int size, double weight, std::vector<double>* dense) {
  const int coarse_size = static_cast<int>(dense->size());
  const double centre = (i + 0.5) * coarse_size / size;
  if (sampling == MaskSampling::kNearest) {
    (*dense)[std::clamp(static_cast<int>(std::floor(centre)), 0, coarse_size - 1)] += weight;
    return;
  }
  const double position = centre - 0.5;
  const int left = static_cast<int>(std::floor(position));
  const double share = position - left;
  (*dense)[std::clamp(left, 0, coarse_size - 1)] += weight * (1.0 - share);
  (*dense)[std::clamp(left + 1, 0, coarse_size - 1)] += weight * share;
}

}  // namespace

MaskUpscaler::Axis MaskUpscaler::MakeAxis(int size, int coarse_size) const {
  const std::vector<double> kernel = GaussianKernel(static_cast<double>(options_.blur_sigma_px));
  const int radius = static_cast<int>(kernel.size() / 2);
  Axis axis;
  std::vector<std::vector<double>> used(static_cast<size_t>(size));  // Weights from start[i] on.
  std::vector<double> dense(static_cast<size_t>(coarse_size));
  for (int i = 0; i < size; ++i) {
    std::fill(dense.begin(), dense.end(), 0.0);
    for (int k = -radius; k <= radius; ++k) {
      const bool outside = i + k < 0 || i + k >= size;
      if (outside && options_.border == MaskBorder::kTransparent) continue;
      AddSample(options_.sampling, std::clamp(i + k, 0, size - 1), size, kernel[k + radius], &dense);
    }
    const auto nonzero = [](double weight) { return weight != 0.0; };
    const auto first = std::find_if(dense.begin(), dense.end(), nonzero);
    const auto last = std::find_if(dense.rbegin(), dense.rend(), nonzero).base();
    axis.start.push_back(static_cast<int>(first - dense.begin()));
    used[i].assign(first, last);
    axis.taps = std::max(axis.taps, static_cast<int>(used[i].size()));
  }
  axis.weight.assign(static_cast<size_t>(size * axis.taps), 0.0F);
  for (int i = 0; i < size; ++i) {
    const int shift = std::max(0, axis.start[i] + axis.taps - coarse_size);  // Keeps start + taps inside.
    axis.start[i] -= shift;
    for (size_t k = 0; k < used[i].size(); ++k) {
      axis.weight[static_cast<size_t>(i * axis.taps + shift) + k] = static_cast<float>(used[i][k]);
    }
  }
  return axis;
}

void MaskUpscaler::Prepare(cv::Size coarse_size, cv::Size size) {
  if (coarse_size == coarse_size_ && size == size_) return;
  coarse_size_ = coarse_size;
  size_ = size;
  x_ = MakeAxis(size.width, coarse_size.width);
  y_ = MakeAxis(size.height, coarse_size.height);
  wide_columns_.create(size.width, coarse_size.height);
}

void MaskUpscaler::Apply(const cv::Mat1f& coarse, cv::Size size, cv::Mat1b* scaled) {
  PEEKPROOF_CHECK(!coarse.empty() && !size.empty(), "mask {}x{} to {}x{}", coarse.cols, coarse.rows,
                  size.width, size.height);
  Prepare(coarse.size(), size);
  scaled->create(size);
  // Widening runs on the transposed mask, so that both axes are sums of whole rows.
  cv::transpose(coarse, columns_);
  for (int x = 0; x < size.width; ++x) {
    WeightedRows(columns_.ptr<float>(x_.start[x]), static_cast<ptrdiff_t>(columns_.step1()),
                 &x_.weight[static_cast<size_t>(x * x_.taps)], x_.taps, coarse.rows,
                 wide_columns_.ptr<float>(x));
  }
  cv::transpose(wide_columns_, wide_);
  const auto rows = [&](int first, int end) {
    constexpr int kStretch = 512;  // Columns summed at once, so that the sums stay in the nearest cache.
    float sums[kStretch];
    for (int y = first; y < end; ++y) {
      const float* weight = &y_.weight[static_cast<size_t>(y * y_.taps)];
      for (int x = 0; x < size.width; x += kStretch) {
        const int count = std::min(kStretch, size.width - x);
        WeightedRows(wide_.ptr<float>(y_.start[y]) + x, static_cast<ptrdiff_t>(wide_.step1()), weight,
                     y_.taps, count, sums);
        if (options_.rounding == MaskRounding::kDown) {
          TruncateRow(sums, count, scaled->ptr(y) + x);
        } else {
          QuantizeRow(sums, count, scaled->ptr(y) + x);
        }
      }
    }
  };
  ParallelRows(size.height, std::cref(rows));
}

}  // namespace peekproof::engines
