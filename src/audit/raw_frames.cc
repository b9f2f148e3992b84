// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/raw_frames.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {
namespace {

constexpr int kCoarseStep = 4;
constexpr int kWallpaperTolerance = 24;  // Levels; codec noise stays below, another picture mostly above.
constexpr double kLeastArea = 0.02;
constexpr double kStartSeconds = 1.0;
constexpr int64_t kGapFrames = 2;

// Caller with collar on the coarse grid.
cv::Mat1b CoarseCaller(const image::AlphaMask& caller) {
  const cv::Size coarse((caller.values.cols + kCoarseStep - 1) / kCoarseStep,
                        (caller.values.rows + kCoarseStep - 1) / kCoarseStep);
  cv::Mat1f small;
  cv::resize(caller.values, small, coarse, 0, 0, cv::INTER_NEAREST);
  const image::BinaryMask body = image::GreaterThan({small}, 0.3F);
  const int collar_px = 2 * std::max(1, static_cast<int>(0.04 * coarse.height)) + 1;
  return image::Dilate(body, collar_px).values;
}

bool Differs(const cv::Vec3b& a, const cv::Vec3b& b) {
  for (int channel = 0; channel < 3; ++channel) {
    if (std::abs(a[channel] - b[channel]) > kWallpaperTolerance) return true;
  }
  return false;
}

}  // namespace

double RoomShare(const cv::Mat3b& bgr, const cv::Mat3b& wallpaper, const cv::Mat1b& known,
                 const image::AlphaMask& caller) {
  const cv::Mat1b hidden = CoarseCaller(caller);
  int64_t looked = 0;
  int64_t differing = 0;
  for (int row = 0; row < bgr.rows; row += kCoarseStep) {
    for (int column = 0; column < bgr.cols; column += kCoarseStep) {
      if (known(row, column) == 0 || hidden(row / kCoarseStep, column / kCoarseStep) != 0) continue;
      ++looked;
      differing += Differs(bgr(row, column), wallpaper(row, column)) ? 1 : 0;
    }
  }
  const double total = static_cast<double>(hidden.total());
  if (static_cast<double>(looked) < kLeastArea * total) return 0.0;
  return static_cast<double>(differing) / static_cast<double>(looked);
}

bool RawFrames::Add(int64_t frame, double time_s, double room_share) {
  if (room_share < kRawShare) return false;
  const bool continues = !intervals_.empty() && frame - intervals_.back().last_frame <= kGapFrames + 1;
  if (!continues) intervals_.push_back({.interval = {.first_frame = frame, .start_s = time_s}});
  Open& open = intervals_.back();
  open.last_frame = frame;
  open.interval.end_s = time_s;
  ++open.interval.frames;
  open.interval.room_share = std::max(open.interval.room_share, room_share);
  return true;
}

std::vector<RawInterval> RawFrames::Intervals(double start_s) const {
  std::vector<RawInterval> result;
  for (const Open& open : intervals_) {
    result.push_back(open.interval);
    result.back().reason = open.interval.start_s - start_s <= kStartSeconds ? "start of the call" : "glitch";
  }
  return result;
}

std::vector<RawInterval> MergeRawIntervals(std::vector<RawInterval> intervals, double gap_s) {
  std::sort(intervals.begin(), intervals.end(),
            [](const RawInterval& a, const RawInterval& b) { return a.start_s < b.start_s; });
  std::vector<RawInterval> merged;
  for (const RawInterval& interval : intervals) {
    if (merged.empty() || interval.start_s - merged.back().end_s > gap_s) {
      merged.push_back(interval);
      continue;
    }
    RawInterval& last = merged.back();
    last.end_s = std::max(last.end_s, interval.end_s);
    last.frames += interval.frames;
    last.room_share = std::max(last.room_share, interval.room_share);
  }
  return merged;
}

}  // namespace peekproof::audit
