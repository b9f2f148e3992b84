// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/oracle.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::metrics {
namespace {

constexpr float kFaintest = 1.0F / 64;

}  // namespace

Oracle::Oracle(cv::Size size)
    : weighted_(size, cv::Vec3f()),
      information_(size, 0.0F),
      highest_alpha_(size, 0.0F),
      highest_colour_(size, cv::Vec3b()),
      frames_(size, uint16_t{0}),
      first_s_(size, 0.0F),
      last_s_(size, 0.0F) {}

void Oracle::Add(const OracleFrame& frame) {
  const cv::Size size = information_.size();
  PEEKPROOF_CHECK(frame.recorded.size() == size && frame.wallpaper.size() == size &&
                      frame.engine_alpha.values.size() == size && frame.leak_alpha.values.size() == size,
                  "a frame of another size than the oracle's {}x{}", size.width, size.height);
  ParallelRows(size.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const float alpha = frame.leak_alpha.values(y, x);
        if (alpha < kFaintest) continue;
        for (int c = 0; c < 3; ++c)
          weighted_(y, x)[c] += alpha * (static_cast<float>(frame.recorded(y, x)[c]) -
                                         (1 - alpha) * static_cast<float>(frame.wallpaper(y, x)[c]));
        information_(y, x) += alpha * alpha;
        if (alpha > highest_alpha_(y, x)) {
          highest_alpha_(y, x) = alpha;
          highest_colour_(y, x) = frame.recorded(y, x);
        }
        if (frames_(y, x) == 0) first_s_(y, x) = static_cast<float>(frame.time_s);
        last_s_(y, x) = static_cast<float>(frame.time_s);
        frames_(y, x) =
            static_cast<uint16_t>(std::min<int>(frames_(y, x) + 1, std::numeric_limits<uint16_t>::max()));
      }
    }
  });
}

image::Reconstruction Oracle::Unblended(double noise) const {
  constexpr double kRoot2 = 1.41421356237309515;
  constexpr double kRight = 10;
  PEEKPROOF_CHECK(noise > 0, "noise of {}", noise);
  auto room = image::Reconstruction::Absent(information_.size());
  for (int y = 0; y < room.bgr.rows; ++y) {
    for (int x = 0; x < room.bgr.cols; ++x) {
      const float information = information_(y, x);
      if (frames_(y, x) == 0) continue;
      for (int c = 0; c < 3; ++c)
        room.bgr(y, x)[c] = cv::saturate_cast<uint8_t>(weighted_(y, x)[c] / information);
      const double deviation = noise / std::sqrt(static_cast<double>(information));
      room.confidence(y, x) = static_cast<float>(std::erf(kRight / (kRoot2 * deviation)));
    }
  }
  frames_.copyTo(room.evidence);
  first_s_.copyTo(room.first_seen_s);
  last_s_.copyTo(room.last_seen_s);
  return room;
}

image::Reconstruction Oracle::Copied() const {
  auto room = image::Reconstruction::Absent(information_.size());
  highest_colour_.copyTo(room.bgr);
  highest_alpha_.copyTo(room.confidence);
  frames_.copyTo(room.evidence);
  first_s_.copyTo(room.first_seen_s);
  last_s_.copyTo(room.last_seen_s);
  return room;
}

}  // namespace peekproof::metrics
