// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/temporal.h"

#include <algorithm>
#include <cstdint>

#include "base/simd.h"

namespace peekproof::engines {
namespace {

PEEKPROOF_VECTOR_CLONES void SmoothRow(const float* last, float ratio, int count, float* mask) {
  for (int i = 0; i < count; ++i) {
    const float t = mask[i] - 0.5F;
    const float x = t * t;
    const float certainty =
        x * (5.68842F + x * (-0.748699F + x * (-57.8051F + x * (291.309F - 624.717F * x))));
    const float uncertainty = 1.0F - std::min(1.0F, certainty);
    mask[i] += (last[i] - mask[i]) * uncertainty * ratio;
  }
}

PEEKPROOF_VECTOR_CLONES void HoldRow(const uint8_t* last, int low, int high, int count, uint8_t* mask) {
  for (int i = 0; i < count; ++i) {
    const uint8_t held = mask[i] <= low ? uint8_t{0} : last[i];
    mask[i] = mask[i] >= high ? uint8_t{255} : held;
  }
}

PEEKPROOF_VECTOR_CLONES void FeedBitsRow(const uint8_t* last, int count, uint8_t* mask) {
  for (int i = 0; i < count; ++i) mask[i] = static_cast<uint8_t>((mask[i] & 0xE0) | (last[i] >> 3));
}

PEEKPROOF_VECTOR_CLONES void AverageRow(const uint8_t* last, float share, int count, uint8_t* mask) {
  for (int i = 0; i < count; ++i) {
    const float mean = static_cast<float>(mask[i]) * share + static_cast<float>(last[i]) * (1.0F - share);
    mask[i] = static_cast<uint8_t>(static_cast<int>(mean + 0.5F));
  }
}

}  // namespace

void UncertaintySmoother::Apply(cv::Mat1f* mask) {
  if (has_last_ && last_.size() == mask->size()) {
    for (int y = 0; y < mask->rows; ++y) {
      SmoothRow(last_.ptr<float>(y), ratio_, mask->cols, mask->ptr<float>(y));
    }
  }
  mask->copyTo(last_);
  has_last_ = true;
}

void Hysteresis::Apply(cv::Mat1b* mask) {
  const bool held = has_last_ && last_.size() == mask->size();
  const cv::Mat1b& last = held ? last_ : *mask;
  for (int y = 0; y < mask->rows; ++y) HoldRow(last.ptr(y), low_, high_, mask->cols, mask->ptr(y));
  mask->copyTo(last_);
  has_last_ = true;
}

void BitFeedback::Apply(cv::Mat1b* mask) {
  if (has_last_ && last_.size() == mask->size()) {
    for (int y = 0; y < mask->rows; ++y) FeedBitsRow(last_.ptr(y), mask->cols, mask->ptr(y));
  }
  mask->copyTo(last_);
  has_last_ = true;
}

void RoundedMovingAverage::Apply(cv::Mat1b* mask) {
  if (has_last_ && last_.size() == mask->size()) {
    for (int y = 0; y < mask->rows; ++y) AverageRow(last_.ptr(y), share_, mask->cols, mask->ptr(y));
  }
  mask->copyTo(last_);
  has_last_ = true;
}

}  // namespace peekproof::engines
