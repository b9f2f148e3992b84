// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/moving_average.h"

#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

/// last and mask become their mix; exactly the mask where both are equal.
PEEKPROOF_VECTOR_CLONES void AverageRow(float share, int count, float* last, float* mask) {
  for (int x = 0; x < count; ++x) {
    const float mixed = last[x] + share * (mask[x] - last[x]);
    last[x] = mixed;
    mask[x] = mixed;
  }
}

}  // namespace

MovingAverage::MovingAverage(float share) : share_(share) {
  PEEKPROOF_CHECK(share > 0.0F && share <= 1.0F, "share {}", share);
}

void MovingAverage::Apply(cv::Mat1f* mask) {
  if (!has_last_ || last_.size() != mask->size()) {
    mask->copyTo(last_);
    has_last_ = true;
    return;
  }
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      AverageRow(share_, mask->cols, last_.ptr<float>(y), mask->ptr<float>(y));
    }
  };
  ParallelRows(mask->rows, std::cref(rows));
}

int MovingAverage::Reach(float share) {
  int results = 0;
  for (float weight = share * (1.0F - share); weight >= 1.0F / 255.0F; weight *= 1.0F - share) ++results;
  return results;
}

}  // namespace peekproof::engines
