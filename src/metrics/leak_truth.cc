// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/leak_truth.h"

#include "base/check.h"

namespace peekproof::metrics {
namespace {

double AreaShare(double part, int64_t whole) { return whole > 0 ? part / static_cast<double>(whole) : 0.0; }

void Count(float leak, bool uncovered, LeakArea* area) {
  if (uncovered) ++area->environment_px;
  if (!(leak > 0.0F)) return;
  if (!uncovered) {
    ++area->outside_px;
    return;
  }
  ++area->partial_px;
  if (leak >= kFullLeak) ++area->full_px;
  area->weighted_px += static_cast<double>(leak);
}

}  // namespace

double LeakArea::full_of_environment() const {
  return AreaShare(static_cast<double>(full_px), environment_px);
}
double LeakArea::partial_of_environment() const {
  return AreaShare(static_cast<double>(partial_px), environment_px);
}
double LeakArea::weighted_of_environment() const { return AreaShare(weighted_px, environment_px); }
double LeakArea::full_of_frame() const { return AreaShare(static_cast<double>(full_px), frame_px); }
double LeakArea::partial_of_frame() const { return AreaShare(static_cast<double>(partial_px), frame_px); }
double LeakArea::weighted_of_frame() const { return AreaShare(weighted_px, frame_px); }

LeakArea MeasureLeakArea(const LeakTruth& truth) {
  const cv::Mat1f& leak = truth.leak.values;
  PEEKPROOF_CHECK(truth.environment.empty() || truth.environment.size() == leak.size(),
                  "environment {}x{}, leak {}x{}", truth.environment.cols, truth.environment.rows, leak.cols,
                  leak.rows);
  LeakArea area;
  area.frame_px = static_cast<int64_t>(leak.total());
  for (int y = 0; y < leak.rows; ++y) {
    const uint8_t* environment = truth.environment.empty() ? nullptr : truth.environment.ptr(y);
    for (int x = 0; x < leak.cols; ++x)
      Count(leak(y, x), environment == nullptr || environment[x] != 0, &area);
  }
  return area;
}

}  // namespace peekproof::metrics
