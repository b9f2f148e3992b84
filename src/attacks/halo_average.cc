// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/halo_average.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "attacks/wallpaper.h"

namespace peekproof::attacks {
namespace {

static_assert(kBlurReaches[0] == BlurReach::kWholeFrame);

constexpr double kCollar = 0.006;  // Around the caller, of the height: no segmentation is exact.

// 255 where the caller may be, or nearer than the collar.
cv::Mat1b CallerSurroundings(const cv::Mat1f& caller) {
  cv::Mat1b there;
  cv::compare(caller, kDoubtfulCaller, there, cv::CMP_GE);
  const int reach = std::max(1, cvRound(kCollar * caller.rows));
  cv::Mat1b around;
  cv::dilate(there, around, cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1}));
  return around;
}

}  // namespace

std::optional<bool> ClearedRoom::HasHalo() const {
  constexpr double kClearly = 1.03;
  const double with = noise[0];
  const double without = *std::min_element(noise.begin() + 1, noise.end());
  if (without > kClearly * with) return true;
  if (with > kClearly * without) return false;
  return std::nullopt;
}

HaloAverage::HaloAverage(const cv::Mat3b& room, const engines::BlurKernel& kernel, FrameWeights weights) {
  for (const BlurReach reach : kBlurReaches)
    ways_.push_back({reach, CallerHalo({room, kernel, reach}), RoomAverage(room.size(), weights)});
}

void HaloAverage::Add(const cv::Mat3b& bgr, const cv::Mat1f& caller, const cv::Mat1b& outside) {
  cv::Mat1b excluded = CallerSurroundings(caller);
  if (!outside.empty()) cv::bitwise_or(excluded, outside, excluded);
  for (Way& way : ways_) {
    way.halo.Clear(bgr, caller, &cleared_);
    way.average.Add(cleared_, excluded);
  }
}

ClearedRoom HaloAverage::Finish() const {
  ClearedRoom best;
  for (size_t i = 0; i < ways_.size(); ++i) {
    AveragedRoom room = ways_[i].average.Finish();
    best.noise[i] = room.frame_noise;
    if (i > 0 && room.frame_noise >= best.room.frame_noise) continue;
    best.room = std::move(room);
    best.reach = ways_[i].reach;
  }
  return best;
}

}  // namespace peekproof::attacks
