// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/gradient_snap.h"

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

constexpr float kSameMask = 1.0F / 2040.0F;

/// What SnapBlock reads, from a block's first pixel on.
struct Block {
  const float* raw;
  const float* blurred;
  const float* above;
  const float* centre;  ///< From the pixel before the first one on.
  const float* below;
  float edge_low;
  float inverse_range;
};

PEEKPROOF_VECTOR_CLONES void SnapBlock(const Block* block, int count, float* mixed) {
  const Block b = *block;
  for (int x = 0; x < count; ++x) {
    const float across = b.centre[x + 2] - b.centre[x];
    const float down = b.below[x] - b.above[x];
    const float gradient = std::sqrt(across * across + down * down);
    const float t = std::min(1.0F, std::max(0.0F, (gradient - b.edge_low) * b.inverse_range));
    mixed[x] = b.blurred[x] + t * t * (3.0F - 2.0F * t) * (b.raw[x] - b.blurred[x]);
  }
}

PEEKPROOF_VECTOR_CLONES void UnitLuma(const uint8_t* bgr, int count, float* luma) {
  for (int x = 0; x < count; ++x) {
    const float sum = 0.114F * static_cast<float>(bgr[3 * x]) + 0.587F * static_cast<float>(bgr[3 * x + 1]) +
                      0.299F * static_cast<float>(bgr[3 * x + 2]);
    luma[x] = sum * (1.0F / 255.0F);
  }
}

PEEKPROOF_VECTOR_CLONES float LargestDifference(const float* first, const float* second, int count) {
  float largest = 0.0F;
  for (int x = 0; x < count; ++x) largest = std::max(largest, std::abs(first[x] - second[x]));
  return largest;
}

PEEKPROOF_VECTOR_CLONES void BlurThree(const float* before, const float* here, const float* after, int count,
                                       float* blurred) {
  for (int x = 0; x < count; ++x) blurred[x] = 0.25F * (before[x] + 2.0F * here[x] + after[x]);
}

}  // namespace

GradientSnap::GradientSnap(const GradientSnapOptions& options) : options_(options) {
  PEEKPROOF_CHECK(options.reach_px >= 0.0F && options.edge_low < options.edge_high,
                  "reach {}, edge from {} to {}", options.reach_px, options.edge_low, options.edge_high);
}

void GradientSnap::Prepare(cv::Size coarse_size, cv::Size size) {
  if (coarse_size == coarse_size_ && size == size_) return;
  coarse_size_ = coarse_size;
  size_ = size;
  x_ = MakeBilinearAxis(size.width, coarse_size.width);
  y_ = MakeBilinearAxis(size.height, coarse_size.height);
  columns_.create(coarse_size);
  blurred_.create(coarse_size);
  wide_raw_.create(coarse_size.height, size.width);
  wide_blurred_.create(coarse_size.height, size.width);
}

void GradientSnap::BlurCoarse(const cv::Mat1f& coarse, int distance) {
  const int last_row = coarse.rows - 1;
  const int last_column = coarse.cols - 1;
  for (int y = 0; y < coarse.rows; ++y) {
    BlurThree(coarse.ptr<float>(std::max(0, y - distance)), coarse.ptr<float>(y),
              coarse.ptr<float>(std::min(last_row, y + distance)), coarse.cols, columns_.ptr<float>(y));
    const float* column = columns_.ptr<float>(y);
    for (int x = 0; x < coarse.cols; ++x) {
      const float before = column[std::max(0, x - distance)];
      const float after = column[std::min(last_column, x + distance)];
      blurred_(y, x) = 0.25F * (before + 2.0F * column[x] + after);
    }
  }
}

void GradientSnap::SnapRow(const cv::Mat3b& camera, int y, uint8_t* refined) const {
  const int rows[3] = {std::max(0, y - 1), y, std::min(camera.rows - 1, y + 1)};
  constexpr int kBlock = 64;  // Pixels decided on at once.
  float raw[kBlock];
  float blurred[kBlock];
  float luma[3][kBlock + 2];
  for (int x = 0; x < camera.cols; x += kBlock) {
    const int count = std::min(kBlock, camera.cols - x);
    const auto mix = [&](const cv::Mat1f& wide, float* mixed) {
      MixRows(wide.ptr<float>(y_.left[y]) + x, wide.ptr<float>(y_.right[y]) + x, y_.share[y], count, mixed);
    };
    mix(wide_raw_, raw);
    mix(wide_blurred_, blurred);
    if (LargestDifference(raw, blurred, count) > kSameMask) {
      for (int i = 0; i < 3; ++i) UnitLuma(camera.ptr(rows[i]) + 3 * x, count, luma[i] + 1);
      UnitLuma(camera.ptr(y) + 3 * std::max(0, x - 1), 1, luma[1]);
      UnitLuma(camera.ptr(y) + 3 * std::min(camera.cols - 1, x + count), 1, luma[1] + 1 + count);
      const Block block{raw,
                        blurred,
                        luma[0] + 1,
                        luma[1],
                        luma[2] + 1,
                        options_.edge_low,
                        1.0F / (options_.edge_high - options_.edge_low)};
      SnapBlock(&block, count, blurred);
    }
    QuantizeRow(blurred, count, refined + x);
  }
}

void GradientSnap::Apply(const cv::Mat1f& coarse, const cv::Mat3b& camera, cv::Mat1b* refined) {
  PEEKPROOF_CHECK(!coarse.empty() && !camera.empty(), "mask {}x{}, frame {}x{}", coarse.cols, coarse.rows,
                  camera.cols, camera.rows);
  Prepare(coarse.size(), camera.size());
  BlurCoarse(coarse, static_cast<int>(std::lround(options_.reach_px * static_cast<float>(coarse.cols) /
                                                  static_cast<float>(camera.cols))));
  const auto widen = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      WidenRow(x_, coarse.ptr<float>(y), wide_raw_.ptr<float>(y));
      WidenRow(x_, blurred_.ptr<float>(y), wide_blurred_.ptr<float>(y));
    }
  };
  ParallelRows(coarse.rows, std::cref(widen));
  refined->create(camera.size());
  const auto snap = [&](int first, int end) {
    for (int y = first; y < end; ++y) SnapRow(camera, y, refined->ptr(y));
  };
  ParallelRows(camera.rows, std::cref(snap));
}

}  // namespace peekproof::engines
