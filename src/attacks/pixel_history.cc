// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/pixel_history.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::attacks {
namespace {

constexpr float kDeviations = 4.0F;

struct Row {
  const uint8_t* frame;
  const uint8_t* wallpaper;
  const float* engine_alpha;
  const float* caller;
  const float* limit;
  float* settled;
  float* sum;
  float* squares;
  float* different;
  float* luma;
  float* luma_squares;
};

PEEKPROOF_VECTOR_CLONES void AddRow(const Row& row, int n) {
  const uint8_t* __restrict frame = row.frame;
  const uint8_t* __restrict wallpaper = row.wallpaper;
  const float* __restrict engine_alpha = row.engine_alpha;
  const float* __restrict caller = row.caller;
  const float* __restrict limit = row.limit;
  float* __restrict settled = row.settled;
  float* __restrict sum = row.sum;
  float* __restrict squares = row.squares;
  float* __restrict different = row.different;
  float* __restrict luma = row.luma;
  float* __restrict luma_squares = row.luma_squares;
  for (int x = 0; x < n; ++x) {
    const int b = std::abs(frame[3 * x] - wallpaper[3 * x]);
    const int g = std::abs(frame[3 * x + 1] - wallpaper[3 * x + 1]);
    const int r = std::abs(frame[3 * x + 2] - wallpaper[3 * x + 2]);
    const auto difference = static_cast<float>(std::max(std::max(b, g), r));
    const bool is_settled = (engine_alpha[x] < kDoubtfulAlpha) & (caller[x] < kDoubtfulCaller) &
                            (difference < PixelHistory::kLargest);
    const float weight = is_settled ? 1.0F : 0.0F;
    settled[x] += weight;
    sum[x] += weight * difference;
    squares[x] += weight * difference * difference;
    const float differs = difference >= limit[x] ? 1.0F : 0.0F;
    const float brightness =
        static_cast<float>(frame[3 * x] + 5 * frame[3 * x + 1] + 2 * frame[3 * x + 2]) * 0.125F;
    different[x] += differs;
    luma[x] += differs * brightness;
    luma_squares[x] += differs * brightness * brightness;
  }
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
    : least_difference_(least_difference), limit_(size, least_difference) {
  for (cv::Mat1f* sums : {&settled_, &sum_, &squares_, &different_, &luma_, &luma_squares_})
    *sums = cv::Mat1f(size, 0.0F);
}

void PixelHistory::Add(const FrameEvidence& evidence, const Wallpaper& wallpaper) {
  PEEKPROOF_CHECK(evidence.frame.bgr.size() == sum_.size(), "frames of different sizes");
  ++frames_;
  ParallelRows(sum_.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      AddRow({evidence.frame.bgr.ptr(y), wallpaper.bgr.ptr(y), evidence.engine_alpha.values[y],
              evidence.caller.values[y], limit_[y], settled_[y], sum_[y], squares_[y], different_[y],
              luma_[y], luma_squares_[y]},
             sum_.cols);
  });
  const int due = renewed_at_ < 32 ? std::max(1, 2 * renewed_at_) : renewed_at_ + 16;
  if (frames_ >= due) RenewLimit();
}

void PixelHistory::RenewLimit() {
  renewed_at_ = frames_;
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
