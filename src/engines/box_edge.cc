// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/box_edge.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/sliding_sum.h"

namespace peekproof::engines {
namespace {

/// Working memory of one thread; grows at the first frame and stays.
struct EdgeScratch {
  std::vector<uint8_t> padded;
  std::vector<int> sums;
  std::vector<float> gradient;
};

EdgeScratch& ThisThreadsEdgeScratch() {
  static thread_local EdgeScratch scratch;
  return scratch;
}

PEEKPROOF_VECTOR_CLONES void AddRow(const uint8_t* row, int count, int* sums) {
  for (int x = 0; x < count; ++x) sums[x] += row[x];
}

PEEKPROOF_VECTOR_CLONES void SubtractRow(const uint8_t* row, int count, int* sums) {
  for (int x = 0; x < count; ++x) sums[x] -= row[x];
}

/// No quotient of an odd side ends in one half, and floats are exact enough to tell on which side it lies.
PEEKPROOF_VECTOR_CLONES void MeanRow(const int* sums, float share, int count, uint8_t* mean) {
  for (int x = 0; x < count; ++x) {
    mean[x] = static_cast<uint8_t>(static_cast<int>(static_cast<float>(sums[x]) * share + 0.5F));
  }
}

void BlurRows(const cv::Mat1b& mask, int radius, int first, int end, cv::Mat1b* blurred) {
  const int side = 2 * radius + 1;
  EdgeScratch& scratch = ThisThreadsEdgeScratch();
  const int padded = mask.cols + 2 * radius;
  scratch.padded.resize(static_cast<size_t>(padded));
  scratch.sums.resize(static_cast<size_t>(padded));
  for (int y = first; y < end; ++y) {
    const uint8_t* row = mask.ptr(y);
    std::fill_n(scratch.padded.begin(), radius, row[0]);
    std::copy_n(row, mask.cols, scratch.padded.begin() + radius);
    std::fill_n(scratch.padded.end() - radius, radius, row[mask.cols - 1]);
    SlideSum(scratch.padded.data(), padded, radius, scratch.sums.data());
    MeanRow(&scratch.sums[radius], 1.0F / static_cast<float>(side), mask.cols, blurred->ptr(y));
  }
}

void BlurColumns(const cv::Mat1b& mask, int radius, int first, int end, cv::Mat1b* blurred) {
  EdgeScratch& scratch = ThisThreadsEdgeScratch();
  scratch.sums.assign(static_cast<size_t>(mask.cols), 0);
  int* sums = scratch.sums.data();
  const auto row = [&](int y) { return mask.ptr(std::clamp(y, 0, mask.rows - 1)); };
  for (int y = first - radius; y < first + radius; ++y) AddRow(row(y), mask.cols, sums);
  for (int y = first; y < end; ++y) {
    AddRow(row(y + radius), mask.cols, sums);
    MeanRow(sums, 1.0F / static_cast<float>(2 * radius + 1), mask.cols, blurred->ptr(y));
    SubtractRow(row(y - radius), mask.cols, sums);
  }
}

/// Length of the 8-bit gradient of each 2 x 2 block, for both of its columns.
PEEKPROOF_VECTOR_CLONES void GradientRow(const uint8_t* upper, const uint8_t* lower, int pairs,
                                         float* gradient) {
  for (int i = 0; i < pairs; ++i) {
    const int along = lower[2 * i + 1] - lower[2 * i];
    const int down = lower[2 * i] - upper[2 * i];
    const float length = std::sqrt(static_cast<float>(along * along + down * down));
    gradient[2 * i] = length;
    gradient[2 * i + 1] = length;
  }
}

/// In 8-bit units; the small number cuts where the gradient is 0, since no m is 127.5.
PEEKPROOF_VECTOR_CLONES void EdgeRow(const uint8_t* background, const float* gradient, float softness,
                                     int count, uint8_t* caller) {
  for (int x = 0; x < count; ++x) {
    const float reach = softness * gradient[x];
    const float position = (static_cast<float>(background[x]) - 127.5F + reach) / (2.0F * reach + 1e-6F);
    const float t = std::min(1.0F, std::max(0.0F, position));
    const float share = 1.0F - t * t * (3.0F - 2.0F * t);
    caller[x] = static_cast<uint8_t>(static_cast<int>(share * 255.0F + 0.5F));
  }
}

}  // namespace

BoxBlur::BoxBlur(int radius) : radius_(radius) {
  PEEKPROOF_CHECK(radius >= 0 && radius <= 64, "radius {}", radius);
}

void BoxBlur::Apply(const cv::Mat1b& mask, cv::Mat1b* blurred) {
  PEEKPROOF_CHECK(!mask.empty() && mask.data != blurred->data, "mask {}x{}", mask.cols, mask.rows);
  rows_.create(mask.size());
  blurred->create(mask.size());
  const auto rows = [&](int first, int end) { BlurRows(mask, radius_, first, end, &rows_); };
  ParallelRows(mask.rows, std::cref(rows));
  const auto columns = [&](int first, int end) { BlurColumns(rows_, radius_, first, end, blurred); };
  ParallelRows(mask.rows, std::cref(columns));
}

void EdgeByGradient(const cv::Mat1b& background, float softness, cv::Mat1b* caller) {
  PEEKPROOF_CHECK(!background.empty() && background.data != caller->data, "mask {}x{}", background.cols,
                  background.rows);
  caller->create(background.size());
  const int columns = background.cols;
  const auto rows = [&](int first, int end) {
    std::vector<float>& gradient = ThisThreadsEdgeScratch().gradient;
    gradient.resize(static_cast<size_t>(columns));
    for (int y = first; y < end; ++y) {
      const uint8_t* upper = background.ptr(y - y % 2);
      const uint8_t* lower = background.ptr(std::min(y - y % 2 + 1, background.rows - 1));
      GradientRow(upper, lower, columns / 2, gradient.data());
      if (columns % 2 != 0) {  // The block's right half lies outside the frame.
        gradient.back() = static_cast<float>(std::abs(lower[columns - 1] - upper[columns - 1]));
      }
      EdgeRow(background.ptr(y), gradient.data(), softness, columns, caller->ptr(y));
    }
  };
  ParallelRows(background.rows, std::cref(rows));
}

}  // namespace peekproof::engines
