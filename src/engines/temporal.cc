// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/temporal.h"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
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

/// last and mask become their mix; exactly the mask where both are equal.
PEEKPROOF_VECTOR_CLONES void AverageRow(float share, int count, float* last, float* mask) {
  for (int x = 0; x < count; ++x) {
    const float mixed = last[x] + share * (mask[x] - last[x]);
    last[x] = mixed;
    mask[x] = mixed;
  }
}

PEEKPROOF_VECTOR_CLONES void RoundedAverageRow(const uint8_t* last, float share, int count, uint8_t* mask) {
  for (int i = 0; i < count; ++i) {
    const float mean = static_cast<float>(mask[i]) * share + static_cast<float>(last[i]) * (1.0F - share);
    mask[i] = static_cast<uint8_t>(static_cast<int>(mean + 0.5F));
  }
}

}  // namespace

void UncertaintySmoother::Apply(cv::Mat1f* mask) {
  if (const auto* last = last_.Of(mask->size())) {
    for (int y = 0; y < mask->rows; ++y) {
      SmoothRow(last->ptr<float>(y), ratio_, mask->cols, mask->ptr<float>(y));
    }
  }
  last_.Keep(*mask);
}

void Hysteresis::Apply(cv::Mat1b* mask) {
  const cv::Mat1b* held = last_.Of(mask->size());
  const cv::Mat1b& last = held != nullptr ? *held : *mask;
  for (int y = 0; y < mask->rows; ++y) HoldRow(last.ptr(y), low_, high_, mask->cols, mask->ptr(y));
  last_.Keep(*mask);
}

void BitFeedback::Apply(cv::Mat1b* mask) {
  if (const auto* last = last_.Of(mask->size())) {
    for (int y = 0; y < mask->rows; ++y) FeedBitsRow(last->ptr(y), mask->cols, mask->ptr(y));
  }
  last_.Keep(*mask);
}

MovingAverage::MovingAverage(float share) : share_(share) {
  PEEKPROOF_CHECK(share > 0.0F && share <= 1.0F, "share {}", share);
}

void MovingAverage::Apply(cv::Mat1f* mask) {
  cv::Mat1f* last = last_.Of(mask->size());
  if (last == nullptr) return last_.Keep(*mask);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      AverageRow(share_, mask->cols, last->ptr<float>(y), mask->ptr<float>(y));
    }
  };
  ParallelRows(mask->rows, std::cref(rows));
}

int MovingAverage::Reach(float share) {
  int results = 0;
  for (float weight = share * (1.0F - share); weight >= 1.0F / 255.0F; weight *= 1.0F - share) ++results;
  return results;
}

void RoundedMovingAverage::Apply(cv::Mat1b* mask) {
  if (const auto* last = last_.Of(mask->size())) {
    for (int y = 0; y < mask->rows; ++y) RoundedAverageRow(last->ptr(y), share_, mask->cols, mask->ptr(y));
  }
  last_.Keep(*mask);
}

}  // namespace peekproof::engines
