// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/guided_filter.h"

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/sliding_sum.h"

namespace peekproof::engines {
namespace {

/// Mask steps to 1: 63 x 63 windows of 255 times this fit 32 bits, and 8-bit masks are kept exactly.
constexpr int kMaskSteps = 4080;

/// Four sums for each column of the window, or of the window itself.
struct Moments {
  std::vector<uint32_t> guide;
  std::vector<uint32_t> mask;
  std::vector<uint32_t> product;
  std::vector<uint32_t> square;

  void Clear(size_t size) {
    for (auto* sums : {&guide, &mask, &product, &square}) sums->assign(size, 0);
  }
};

/// Working memory of one thread; grows at the first frame and stays.
struct GuidedScratch {
  Moments columns;
  Moments windows;
  std::vector<double> slope_columns;
  std::vector<double> level_columns;
  std::vector<double> sums;
  std::vector<float> means;
};

GuidedScratch& ThisThreadsGuidedScratch() {
  thread_local GuidedScratch scratch;
  return scratch;
}

PEEKPROOF_VECTOR_CLONES void AddMoments(const uint8_t* guide, const uint16_t* mask, int count,
                                        uint32_t* guides, uint32_t* masks, uint32_t* products,
                                        uint32_t* squares) {
  for (int x = 0; x < count; ++x) {
    const uint32_t g = guide[x];
    const uint32_t m = mask[x];
    guides[x] += g;
    masks[x] += m;
    products[x] += g * m;
    squares[x] += g * g;
  }
}

PEEKPROOF_VECTOR_CLONES void DropMoments(const uint8_t* guide, const uint16_t* mask, int count,
                                         uint32_t* guides, uint32_t* masks, uint32_t* products,
                                         uint32_t* squares) {
  for (int x = 0; x < count; ++x) {
    const uint32_t g = guide[x];
    const uint32_t m = mask[x];
    guides[x] -= g;
    masks[x] -= m;
    products[x] -= g * m;
    squares[x] -= g * g;
  }
}

/// a and b of `count` windows that hold `pixels` pixels each. The numerators are exact: integers below 2^53.
PEEKPROOF_VECTOR_CLONES void FitRow(const uint32_t* guides, const uint32_t* masks, const uint32_t* products,
                                    const uint32_t* squares, double pixels, double epsilon, int count,
                                    float* slope, float* level) {
  const double inverse = 1.0 / pixels;
  const double regular = epsilon * pixels * pixels;
  for (int x = 0; x < count; ++x) {
    const auto g = static_cast<double>(guides[x]);
    const auto m = static_cast<double>(masks[x]);
    const double covariance = pixels * static_cast<double>(products[x]) - g * m;
    const double variance = pixels * static_cast<double>(squares[x]) - g * g;
    const double a = covariance / (variance + regular);
    slope[x] = static_cast<float>(a * (1.0 / kMaskSteps));
    level[x] = static_cast<float>((m - a * g) * inverse * (1.0 / kMaskSteps));
  }
}

PEEKPROOF_VECTOR_CLONES void AddValues(const float* values, double sign, int count, double* sums) {
  for (int x = 0; x < count; ++x) sums[x] += sign * static_cast<double>(values[x]);
}

PEEKPROOF_VECTOR_CLONES void ApplyRow(const uint8_t* guide, const float* slope0, const float* slope1,
                                      const float* level0, const float* level1, float share, int count,
                                      float* refined) {
  for (int x = 0; x < count; ++x) {
    const float slope = slope0[x] + share * (slope1[x] - slope0[x]);
    const float level = level0[x] + share * (level1[x] - level0[x]);
    refined[x] = std::min(1.0F, std::max(0.0F, slope * static_cast<float>(guide[x]) + level));
  }
}

PEEKPROOF_VECTOR_CLONES void StepRow(const float* mask, int count, uint16_t* steps) {
  for (int x = 0; x < count; ++x) {
    const float scaled = std::min(1.0F, std::max(0.0F, mask[x])) * static_cast<float>(kMaskSteps) + 0.5F;
    steps[x] = static_cast<uint16_t>(static_cast<int>(scaled));
  }
}

/// Means of blocks of `side` pixels a side, at the right and lower edge of what is left of them.
void BlockMeans(const cv::Mat1b& picture, int side, int y, uint8_t* means, int count) {
  const int first_row = y * side;
  const int end_row = std::min(first_row + side, picture.rows);
  for (int x = 0; x < count; ++x) {
    const int first = x * side;
    const int end = std::min(first + side, picture.cols);
    int sum = 0;
    for (int row = first_row; row < end_row; ++row) {
      const uint8_t* values = picture.ptr(row);
      for (int column = first; column < end; ++column) sum += values[column];
    }
    const int pixels = (end_row - first_row) * (end - first);
    means[x] = static_cast<uint8_t>((sum + pixels / 2) / pixels);
  }
}

PEEKPROOF_VECTOR_CLONES void MeanRow(const double* sums, const double* inverse_length, double inverse_rows,
                                     int count, float* means) {
  for (int x = 0; x < count; ++x) means[x] = static_cast<float>(sums[x] * inverse_length[x] * inverse_rows);
}

}  // namespace

GuidedFilter::GuidedFilter(const GuidedFilterOptions& options) : options_(options) {
  PEEKPROOF_CHECK(options.radius >= 1 && options.radius <= 31 && options.epsilon > 0.0F &&
                      options.subsample >= 1 && options.subsample <= 16,
                  "radius {}, epsilon {}, subsample {}", options.radius, options.epsilon, options.subsample);
}

void GuidedFilter::Prepare(cv::Size size, cv::Size mask_size) {
  if (size == size_ && mask_size == mask_size_) return;
  size_ = size;
  mask_size_ = mask_size;
  const int step = options_.subsample;
  grid_ = {(size.width + step - 1) / step, (size.height + step - 1) / step};
  const double mask_per_pixel_x = static_cast<double>(mask_size.width) / size.width;
  const double mask_per_pixel_y = static_cast<double>(mask_size.height) / size.height;
  mask_x_ = MakeBilinearAxis(grid_.width, mask_size.width, step * mask_per_pixel_x);
  mask_y_ = MakeBilinearAxis(grid_.height, mask_size.height, step * mask_per_pixel_y);
  frame_x_ = MakeBilinearAxis(size.width, grid_.width, 1.0 / step);
  frame_y_ = MakeBilinearAxis(size.height, grid_.height, 1.0 / step);
  inverse_length_.resize(static_cast<size_t>(grid_.width));
  for (int x = 0; x < grid_.width; ++x)
    inverse_length_[x] = 1.0 / WindowLength(x, grid_.width, options_.radius);
  grid_guide_.create(grid_);
  grid_mask_.create(grid_);
  slope_.create(grid_);
  level_.create(grid_);
  wide_slope_.create(grid_.height, size.width);
  wide_level_.create(grid_.height, size.width);
}

void GuidedFilter::Shrink(const cv::Mat1b& guide, const cv::Mat1f& mask) {
  ScaleBilinear(mask, mask_x_, mask_y_, &mask_wide_, &mask_scaled_);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      StepRow(mask_scaled_.ptr<float>(y), grid_.width, grid_mask_.ptr<uint16_t>(y));
      if (options_.subsample > 1) BlockMeans(guide, options_.subsample, y, grid_guide_.ptr(y), grid_.width);
    }
  };
  ParallelRows(grid_.height, std::cref(rows));
}

void GuidedFilter::FitLines(const cv::Mat1b& guide, int first_row, int end_row) {
  GuidedScratch& scratch = ThisThreadsGuidedScratch();
  Moments& columns = scratch.columns;
  Moments& windows = scratch.windows;
  columns.Clear(static_cast<size_t>(grid_.width));
  windows.Clear(static_cast<size_t>(grid_.width));
  const int radius = options_.radius;
  const int width = grid_.width;
  const auto apply = [&](auto* function, int row) {
    function(guide.ptr(row), grid_mask_.ptr<uint16_t>(row), width, columns.guide.data(), columns.mask.data(),
             columns.product.data(), columns.square.data());
  };
  for (int row = std::max(0, first_row - radius); row < std::min(first_row + radius, grid_.height); ++row) {
    apply(AddMoments, row);
  }
  // Windows of one length are fitted together: the clipped ones at both ends one by one.
  const double epsilon = static_cast<double>(options_.epsilon) * 255.0 * 255.0;
  for (int y = first_row; y < end_row; ++y) {
    if (y + radius < grid_.height) apply(AddMoments, y + radius);
    if (y > first_row && y - radius - 1 >= 0) apply(DropMoments, y - radius - 1);
    SlideSum(columns.guide.data(), width, radius, windows.guide.data());
    SlideSum(columns.mask.data(), width, radius, windows.mask.data());
    SlideSum(columns.product.data(), width, radius, windows.product.data());
    SlideSum(columns.square.data(), width, radius, windows.square.data());
    const int rows = WindowLength(y, grid_.height, radius);
    for (int x = 0; x < width;) {
      const int length = WindowLength(x, width, radius);
      const int count = length == 2 * radius + 1 ? width - radius - x : 1;
      FitRow(&windows.guide[x], &windows.mask[x], &windows.product[x], &windows.square[x],
             static_cast<double>(rows) * length, epsilon, count, slope_.ptr<float>(y) + x,
             level_.ptr<float>(y) + x);
      x += count;
    }
  }
}

void GuidedFilter::AverageLines(int first_row, int end_row) {
  GuidedScratch& scratch = ThisThreadsGuidedScratch();
  const auto width = static_cast<size_t>(grid_.width);
  scratch.slope_columns.assign(width, 0.0);
  scratch.level_columns.assign(width, 0.0);
  scratch.sums.resize(width);
  scratch.means.resize(width);
  const int radius = options_.radius;
  const auto add = [&](int row, double sign) {
    AddValues(slope_.ptr<float>(row), sign, grid_.width, scratch.slope_columns.data());
    AddValues(level_.ptr<float>(row), sign, grid_.width, scratch.level_columns.data());
  };
  for (int row = std::max(0, first_row - radius); row < std::min(first_row + radius, grid_.height); ++row) {
    add(row, 1.0);
  }
  for (int y = first_row; y < end_row; ++y) {
    if (y + radius < grid_.height) add(y + radius, 1.0);
    if (y > first_row && y - radius - 1 >= 0) add(y - radius - 1, -1.0);
    const double inverse_rows = 1.0 / WindowLength(y, grid_.height, radius);
    const auto average = [&](const std::vector<double>& columns, float* wide) {
      SlideSum(columns.data(), grid_.width, radius, scratch.sums.data());
      MeanRow(scratch.sums.data(), inverse_length_.data(), inverse_rows, grid_.width, scratch.means.data());
      WidenRow(frame_x_, scratch.means.data(), wide);
    };
    average(scratch.slope_columns, wide_slope_.ptr<float>(y));
    average(scratch.level_columns, wide_level_.ptr<float>(y));
  }
}

void GuidedFilter::Apply(const cv::Mat1b& guide, const cv::Mat1f& mask, cv::Mat1f* refined) {
  PEEKPROOF_CHECK(!guide.empty() && !mask.empty(), "guide {}x{}, mask {}x{}", guide.cols, guide.rows,
                  mask.cols, mask.rows);
  Prepare(guide.size(), mask.size());
  Shrink(guide, mask);
  const cv::Mat1b& grid_guide = options_.subsample > 1 ? grid_guide_ : guide;
  const auto fit = [&](int first, int end) { FitLines(grid_guide, first, end); };
  ParallelRows(grid_.height, std::cref(fit));
  const auto average = [&](int first, int end) { AverageLines(first, end); };
  ParallelRows(grid_.height, std::cref(average));
  refined->create(guide.size());
  const auto apply = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      const int above = frame_y_.left[y];
      const int below = frame_y_.right[y];
      ApplyRow(guide.ptr(y), wide_slope_.ptr<float>(above), wide_slope_.ptr<float>(below),
               wide_level_.ptr<float>(above), wide_level_.ptr<float>(below), frame_y_.share[y], guide.cols,
               refined->ptr<float>(y));
    }
  };
  ParallelRows(guide.rows, std::cref(apply));
}

}  // namespace peekproof::engines
