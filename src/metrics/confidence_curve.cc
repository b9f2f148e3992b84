// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/confidence_curve.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "base/check.h"
#include "image/ciede2000.h"

namespace peekproof::metrics {
namespace {

constexpr float kRightDifference = 10.0F;

/// Pixels of one step of confidence, then of all from it on.
struct Counts {
  int64_t painted = 0;
  int64_t right = 0;
  int64_t right_leaked = 0;
};

using Steps = std::array<Counts, kConfidencePoints>;

Steps CountSteps(const image::Reconstruction& room, const LeakTruth& truth) {
  const cv::Mat1f difference = image::Ciede2000Map(room.bgr, truth.room);
  Steps steps{};
  for (int y = 0; y < difference.rows; ++y) {
    for (int x = 0; x < difference.cols; ++x) {
      if (room.evidence(y, x) == 0) continue;
      const int step = static_cast<int>(room.confidence(y, x) * static_cast<float>(kConfidencePoints));
      Counts& counts = steps[static_cast<size_t>(std::clamp(step, 0, kConfidencePoints - 1))];
      ++counts.painted;
      if (!(difference(y, x) < kRightDifference)) continue;
      ++counts.right;
      if (truth.leak.values(y, x) > 0.0F) ++counts.right_leaked;
    }
  }
  return steps;
}

double Share(int64_t part, int64_t whole, double of_nothing) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : of_nothing;
}

}  // namespace

std::vector<ConfidencePoint> ConfidenceCurve(const image::Reconstruction& room, const LeakTruth& truth) {
  PEEKPROOF_CHECK(room.size() == truth.room.size() && room.size() == truth.leak.values.size(),
                  "sizes differ");
  const Steps steps = CountSteps(room, truth);
  const int64_t leaked = cv::countNonZero(truth.leak.values > 0);
  std::vector<ConfidencePoint> curve(kConfidencePoints);
  Counts kept;
  for (size_t i = steps.size(); i-- > 0;) {
    kept.painted += steps[i].painted;
    kept.right += steps[i].right;
    kept.right_leaked += steps[i].right_leaked;
    curve[i] = {static_cast<double>(i) / kConfidencePoints, Share(kept.right_leaked, leaked, 0),
                Share(kept.right, kept.painted, std::numeric_limits<double>::quiet_NaN())};
  }
  return curve;
}

}  // namespace peekproof::metrics
