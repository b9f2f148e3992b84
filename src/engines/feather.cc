// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/feather.h"

#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/sliding_sum.h"
#include "engines/window_max.h"

namespace peekproof::engines {
namespace {

constexpr int kLargestFeather = 64;  // 129 times 255 fits the 16-bit column sums.

struct FeatherScratch {
  std::vector<uint16_t> columns;
  std::vector<uint32_t> sums;
};

PEEKPROOF_VECTOR_CLONES void AddRow(const uint8_t* values, int count, uint16_t* columns) {
  for (int x = 0; x < count; ++x) columns[x] = static_cast<uint16_t>(columns[x] + values[x]);
}

PEEKPROOF_VECTOR_CLONES void DropRow(const uint8_t* values, int count, uint16_t* columns) {
  for (int x = 0; x < count; ++x) columns[x] = static_cast<uint16_t>(columns[x] - values[x]);
}

PEEKPROOF_VECTOR_CLONES void DivideRow(const uint32_t* sums, float inverse, int count, uint8_t* means) {
  for (int x = 0; x < count; ++x) {
    const float mean = static_cast<float>(static_cast<int>(sums[x])) * inverse;
    means[x] = static_cast<uint8_t>(static_cast<int>(mean + 0.5F));
  }
}

/// The windows of row y, given the sums of their columns.
void MeansOfColumns(const FeatherScratch& scratch, int y, cv::Size size, int radius, uint8_t* means) {
  const int rows = WindowLength(y, size.height, radius);
  for (int x = 0; x < size.width;) {
    const int length = WindowLength(x, size.width, radius);
    const int count = length == 2 * radius + 1 ? size.width - radius - x : 1;
    DivideRow(&scratch.sums[x], 1.0F / static_cast<float>(rows * length), count, means + x);
    x += count;
  }
}

}  // namespace

void WindowMean(const cv::Mat1b& values, int radius_px, cv::Mat1b* means) {
  PEEKPROOF_CHECK(radius_px >= 0 && radius_px <= kLargestFeather && values.data != means->data, "radius {}",
                  radius_px);
  means->create(values.size());
  const int width = values.cols;
  const int height = values.rows;
  const auto rows = [&](int first, int end) {
    thread_local FeatherScratch scratch;
    scratch.columns.assign(static_cast<size_t>(width), uint16_t{0});
    scratch.sums.resize(static_cast<size_t>(width));
    for (int row = std::max(0, first - radius_px); row < std::min(first + radius_px, height); ++row) {
      AddRow(values.ptr(row), width, scratch.columns.data());
    }
    for (int y = first; y < end; ++y) {
      if (y + radius_px < height) AddRow(values.ptr(y + radius_px), width, scratch.columns.data());
      if (y > first && y - radius_px - 1 >= 0) {
        DropRow(values.ptr(y - radius_px - 1), width, scratch.columns.data());
      }
      SlideSum(scratch.columns.data(), width, radius_px, scratch.sums.data());
      MeansOfColumns(scratch, y, values.size(), radius_px, means->ptr(y));
    }
  };
  ParallelRows(height, std::cref(rows));
}

OutwardFeather::OutwardFeather(int radius_px) : radius_px_(radius_px) {
  PEEKPROOF_CHECK(radius_px >= 0 && radius_px <= kLargestFeather, "radius {}", radius_px);
}

void OutwardFeather::Apply(const cv::Mat1b& mask, cv::Mat1b* feathered) {
  WindowMax(mask, radius_px_, &dilated_);
  WindowMean(dilated_, radius_px_, feathered);
}

}  // namespace peekproof::engines
