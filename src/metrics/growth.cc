// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/growth.h"

#include "base/check.h"
#include "image/ciede2000.h"

namespace peekproof::metrics {

std::vector<GrowthPoint> RecoveryGrowth(const image::Reconstruction& room, const LeakTruth& truth,
                                        const std::vector<double>& times_s) {
  constexpr float kRight = 10;
  PEEKPROOF_CHECK(room.size() == truth.leak.values.size() && room.size() == truth.room.size(),
                  "reconstruction and truth of different sizes");
  const cv::Mat1f difference = image::Ciede2000Map(room.bgr, truth.room);
  std::vector<GrowthPoint> points;
  for (const double time_s : times_s) points.push_back({time_s, 0, 0});
  double leaked = 0;
  for (int y = 0; y < room.bgr.rows; ++y) {
    for (int x = 0; x < room.bgr.cols; ++x) {
      if (!(truth.leak.values(y, x) > 0)) continue;
      ++leaked;
      if (room.evidence(y, x) == 0) continue;
      for (GrowthPoint& point : points) {
        if (static_cast<double>(room.first_seen_s(y, x)) > point.time_s) continue;
        ++point.coverage;
        point.recall_10 += difference(y, x) < kRight ? 1 : 0;
      }
    }
  }
  for (GrowthPoint& point : points) {
    point.coverage = leaked > 0 ? point.coverage / leaked : 0;
    point.recall_10 = leaked > 0 ? point.recall_10 / leaked : 0;
  }
  return points;
}

}  // namespace peekproof::metrics
