// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/leak_meter.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/parallel.h"
#include "engines/block_grid.h"

namespace peekproof::engines {
namespace {

constexpr int kEdgeSide = 5;  ///< As the test bed's truth.

/// Everything that the engine shows is somebody, however many they are.
CallerZoneOptions ZoneOptions() {
  CallerZoneOptions options;
  options.one_person = false;
  return options;
}

struct RowSums {
  double now = 0;
  double room = 0;
  double weighted = 0;
  double shown = 0;
};

/// Marks one row's room as seen and keeps the largest alphas.
RowSums GatherRow(const uint8_t* alpha, const uint8_t* room, int width, uint8_t* seen, uint8_t* largest) {
  int64_t now = 0;
  int64_t rooms = 0;
  int64_t weighted = 0;
  int64_t shown = 0;
  for (int x = 0; x < width; ++x) {
    const uint8_t leak = room[x] & alpha[x];
    seen[x] |= room[x];
    largest[x] = std::max(largest[x], leak);
    now += leak;
    rooms += seen[x] != 0 ? 1 : 0;
    weighted += largest[x];
    shown += largest[x] != 0 ? 1 : 0;
  }
  return {static_cast<double>(now) / 255, static_cast<double>(rooms), static_cast<double>(weighted) / 255,
          static_cast<double>(shown)};
}

}  // namespace

LeakMeter::LeakMeter() : zone_(ZoneOptions()), plate_(RoomPlateOptions{}) {}

void LeakMeter::Prepare(cv::Size size) {
  if (seen_.size() == size) return;
  seen_ = cv::Mat1b(size, 0);
  largest_ = cv::Mat1b(size, 0);
  agrees_.create(size);
  leak_ = {};
}

void LeakMeter::LearnRoom(const cv::Mat3b& camera) {
  Prepare(camera.size());
  alpha_.create(camera.size());
  alpha_.setTo(0);
  zone_.Update(alpha_, 0);
  cv::split(camera, planes_.data());
  plate_.MeetLight(planes_, zone_.clear());
  plate_.Learn(planes_, zone_.clear(), zone_.kinds(), true);
}

void LeakMeter::FindRoom(const cv::Mat3b& camera) {
  const cv::Mat1b& learnt = plate_.learnt();
  agrees_.setTo(0);
  ParallelRows(learnt.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < learnt.cols; ++x) {
        if (learnt(y, x) == 0) continue;
        const cv::Rect pixels = PixelsOf({x, y}, camera.size());
        const PlateBlock& known = plate_.BlockOf({x, y});
        BlockColours seen;
        ReadBlock(planes_, pixels, plate_.light(), &seen);
        if (IsRoom(seen, known, tolerance_)) {
          agrees_(pixels).setTo(255);
          continue;
        }
        // Where the share is 0 does not depend on the caller's colour.
        const BlockShares shares = SharesOf(seen, known, {0, 0, 0}, tolerance_, 1);
        for (int v = 0; v < pixels.height; ++v)
          for (int u = 0; u < pixels.width; ++u)
            if (shares.share[v * kBlockSide + u] == 0) agrees_(pixels.y + v, pixels.x + u) = 255;
      }
    }
  });
  cv::erode(agrees_, room_, cv::Mat(kEdgeSide, kEdgeSide, CV_8U, cv::Scalar(1)));
}

void LeakMeter::Gather(double time_s) {
  std::vector<RowSums> rows(static_cast<size_t>(alpha_.rows));
  ParallelRows(alpha_.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      rows[static_cast<size_t>(y)] = GatherRow(alpha_[y], room_[y], alpha_.cols, seen_[y], largest_[y]);
  });
  RowSums sum;
  for (const RowSums& row : rows) {
    sum.now += row.now;
    sum.room += row.room;
    sum.weighted += row.weighted;
    sum.shown += row.shown;
  }
  leak_.room_px = sum.room;
  leak_.weighted_px = sum.weighted;
  leak_.shown_px = sum.shown;
  if (sum.now <= leak_.worst_px) return;
  leak_.worst_px = sum.now;
  leak_.worst_time_s = time_s;
}

void LeakMeter::Add(const image::Frame& camera, const Composite& shown) {
  Prepare(camera.bgr.size());
  ++leak_.frames;
  if (shown.shown == Shown::kFrozen) return;
  leak_.any_raw = leak_.any_raw || shown.shown == Shown::kRaw;
  shown.alpha.values.convertTo(alpha_, CV_8U, 255);
  zone_.Update(alpha_, 0);
  cv::split(camera.bgr, planes_.data());
  plate_.MeetLight(planes_, zone_.clear());
  plate_.Learn(planes_, zone_.clear(), zone_.kinds(), false);
  FindRoom(camera.bgr);
  Gather(camera.time_s);
  leak_.unknown_px = 0;
  for (int y = 0; y < plate_.learnt().rows; ++y) {
    for (int x = 0; x < plate_.learnt().cols; ++x) {
      if (plate_.learnt()(y, x) != 0) continue;
      leak_.unknown_px += cv::countNonZero(alpha_(PixelsOf({x, y}, alpha_.size())));
    }
  }
}

}  // namespace peekproof::engines
