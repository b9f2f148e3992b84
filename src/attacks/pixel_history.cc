// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/pixel_history.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "attacks/wallpaper.h"
#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::attacks {
namespace {

constexpr float kDeviations = 4.0F;
constexpr int kBlock = 64;  ///< Pixels side by side of which mostly none differs.

/// A stretch of a row.
struct Block {
  const uint8_t* frame;  ///< BGR.
  const uint8_t* difference;
  const float* engine_alpha;
  const float* caller;
  const float* limit;
  uint8_t* settled;
  uint16_t* sum;
  uint16_t* squares;
  float* different;
  float* luma;
  float* luma_squares;
};

/// Adds what nobody's pixels differ by; differs: 1 where a pixel does by the limit or more. Returns whether
/// any does.
PEEKPROOF_VECTOR_CLONES bool AddNoise(const Block& block, int n, uint8_t* __restrict differs) {
  constexpr auto kLargest = static_cast<uint8_t>(PixelHistory::kLargest);
  const uint8_t* __restrict difference = block.difference;
  const float* __restrict engine_alpha = block.engine_alpha;
  const float* __restrict caller = block.caller;
  const float* __restrict limit = block.limit;
  uint8_t* __restrict settled = block.settled;
  uint16_t* __restrict sum = block.sum;
  uint16_t* __restrict squares = block.squares;
  uint8_t nobody[kBlock];
  uint8_t any = 0;
  for (int x = 0; x < n; ++x) {
    nobody[x] = static_cast<uint8_t>((engine_alpha[x] < kDoubtfulAlpha) & (caller[x] < kDoubtfulCaller));
    differs[x] = static_cast<uint8_t>(static_cast<float>(difference[x]) >= limit[x]);
    any |= differs[x];
  }
  for (int x = 0; x < n; ++x) {
    const auto counts = static_cast<uint8_t>(nobody[x] & static_cast<uint8_t>(difference[x] < kLargest));
    const auto counted = static_cast<uint16_t>(counts != 0 ? difference[x] : 0);
    settled[x] = static_cast<uint8_t>(settled[x] + counts);
    sum[x] = static_cast<uint16_t>(sum[x] + counted);
    squares[x] = static_cast<uint16_t>(squares[x] + counted * counted);
  }
  return any != 0;
}

PEEKPROOF_VECTOR_CLONES void AddDiffering(const Block& block, int n, const uint8_t* __restrict flags) {
  const uint8_t* __restrict frame = block.frame;
  float* __restrict different = block.different;
  float* __restrict luma = block.luma;
  float* __restrict luma_squares = block.luma_squares;
  for (int x = 0; x < n; ++x) {
    const auto differs = static_cast<float>(flags[x]);
    const float brightness =
        static_cast<float>(frame[3 * x] + 5 * frame[3 * x + 1] + 2 * frame[3 * x + 2]) * 0.125F;
    different[x] += differs;
    luma[x] += differs * brightness;
    luma_squares[x] += differs * brightness * brightness;
  }
}

/// Moves whole numbers to sums of floats.
template <typename T>
void Move(cv::Mat_<T>* recent, cv::Mat1f* sum) {
  cv::add(*sum, *recent, *sum, cv::noArray(), CV_32F);
  recent->setTo(0);
}

/// Deviation of n values by their sums.
float Deviation(float n, float sum, float squares) {
  const float mean = sum / n;
  return std::sqrt(std::max(0.0F, squares / n - mean * mean));
}

cv::Mat1f Pooled(const cv::Mat1f& values) {
  cv::Mat1f pooled;
  cv::boxFilter(values, pooled, CV_32F, {PixelHistory::kSide, PixelHistory::kSide}, {-1, -1}, false);
  return pooled;
}

}  // namespace

PixelHistory::PixelHistory(cv::Size size, float least_difference)
    : least_difference_(least_difference),
      recent_settled_(size, uint8_t{0}),
      recent_sum_(size, uint16_t{0}),
      recent_squares_(size, uint16_t{0}),
      limit_(size, least_difference) {
  for (cv::Mat1f* sums : {&settled_, &sum_, &squares_, &different_, &luma_, &luma_squares_})
    *sums = cv::Mat1f(size, 0.0F);
}

void PixelHistory::Add(const FrameEvidence& evidence, const cv::Mat1b& difference) {
  PEEKPROOF_CHECK(evidence.frame.bgr.size() == sum_.size() && difference.size() == sum_.size(),
                  "frames of different sizes");
  ++frames_;
  ParallelRows(sum_.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) AddRow(evidence, difference, y);
  });
  const int due = renewed_at_ < 32 ? std::max(1, 2 * renewed_at_) : renewed_at_ + kMostRecent;
  if (frames_ >= due) RenewLimit();
}

void PixelHistory::AddRow(const FrameEvidence& evidence, const cv::Mat1b& difference, int y) {
  uint8_t differs[kBlock];
  for (int x = 0; x < sum_.cols; x += kBlock) {
    const int n = std::min(kBlock, sum_.cols - x);
    const Block block{evidence.frame.bgr.ptr(y, x),
                      difference.ptr(y, x),
                      evidence.engine_alpha.values[y] + x,
                      evidence.caller.values[y] + x,
                      limit_[y] + x,
                      recent_settled_[y] + x,
                      recent_sum_[y] + x,
                      recent_squares_[y] + x,
                      different_[y] + x,
                      luma_[y] + x,
                      luma_squares_[y] + x};
    if (AddNoise(block, n, differs)) AddDiffering(block, n, differs);
  }
}

void PixelHistory::RenewLimit() {
  renewed_at_ = frames_;
  Move(&recent_settled_, &settled_);
  Move(&recent_sum_, &sum_);
  Move(&recent_squares_, &squares_);
  const cv::Mat1f settled = Pooled(settled_);
  const cv::Mat1f sum = Pooled(sum_);
  const cv::Mat1f squares = Pooled(squares_);
  for (int y = 0; y < limit_.rows; ++y) {
    for (int x = 0; x < limit_.cols; ++x) {
      const float n = std::max(settled(y, x), 1.0F);
      const float noise = sum(y, x) / n + kDeviations * Deviation(n, sum(y, x), squares(y, x));
      limit_(y, x) = std::max(least_difference_, noise);
    }
  }
}

float PixelHistory::Differing(int y, int x) const {
  return frames_ > 0 ? different_(y, x) / static_cast<float>(frames_) : 0.0F;
}

float PixelHistory::Unrest(int y, int x) const {
  return Deviation(std::max(different_(y, x), 1.0F), luma_(y, x), luma_squares_(y, x));
}

}  // namespace peekproof::attacks
