// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/moving_background.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace peekproof::audit {
namespace {

constexpr float kLeastFrames = 2.0F;  // In which a place must have been free of the caller,
constexpr float kLeastShare = 0.06F;  // and share of all, so that he cannot outvote it (scene_votes.cc).
constexpr int kPatch = 7;             // Thumbnail pixels a side.
constexpr double kStillest = 0.9;     // Quantile.
constexpr float kHeldAsWell = 0.8F;   // Of what the stillest hold.
constexpr double kLeastPart = 0.005;  // Of the frame.

// 255 where a place was free of the caller for long enough.
cv::Mat1b Settled(const SurveyedScene& scene) {
  cv::Mat1b settled;
  cv::compare(scene.settled_frames, LeastSettledFrames(scene), settled, cv::CMP_GE);
  return settled;
}

// Mean support of the settled places of each patch; 0 where there are none.
cv::Mat1f HeldIn(const cv::Mat1f& support, const cv::Mat1b& settled) {
  cv::Mat1f weight;
  settled.convertTo(weight, CV_32F, 1.0 / 255);
  cv::Mat1f held;
  cv::multiply(support, weight, held);
  cv::boxFilter(held, held, CV_32F, {kPatch, kPatch});
  cv::boxFilter(weight, weight, CV_32F, {kPatch, kPatch});
  cv::max(weight, 1e-6, weight);
  cv::divide(held, weight, held);
  return held;
}

float QuantileOf(const cv::Mat1f& values, const cv::Mat1b& where) {
  std::vector<float> chosen;
  for (int y = 0; y < values.rows; ++y)
    for (int x = 0; x < values.cols; ++x)
      if (where(y, x) != 0) chosen.push_back(values(y, x));
  if (chosen.empty()) return 0.0F;
  const auto at =
      chosen.begin() + static_cast<std::ptrdiff_t>(kStillest * static_cast<double>(chosen.size() - 1));
  std::nth_element(chosen.begin(), at, chosen.end());
  return *at;
}

void RemoveSmallParts(cv::Mat1b* parts) {
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centres;
  const int count = cv::connectedComponentsWithStats(*parts, labels, stats, centres, 8, CV_32S);
  const double least = kLeastPart * static_cast<double>(parts->total());
  for (int i = 1; i < count; ++i)
    if (stats(i, cv::CC_STAT_AREA) < least) parts->setTo(0, labels == i);
}

}  // namespace

float LeastSettledFrames(const SurveyedScene& scene) {
  return std::max(kLeastFrames, kLeastShare * static_cast<float>(scene.sampled_frames));
}

cv::Mat1b MovingBackground(const SurveyedScene& scene) {
  if (scene.settled_frames.empty()) return {};
  const cv::Mat1b settled = Settled(scene);
  cv::Mat1f support;
  cv::resize(scene.wallpaper_support, support, settled.size(), 0, 0, cv::INTER_AREA);
  const cv::Mat1f held = HeldIn(support, settled);
  cv::Mat1b moving;
  cv::compare(held, kHeldAsWell * QuantileOf(held, settled), moving, cv::CMP_LT);
  cv::bitwise_and(moving, settled, moving);
  RemoveSmallParts(&moving);
  return moving;
}

double MovingShare(const SurveyedScene& scene) {
  if (scene.settled_frames.empty()) return 0.0;
  const int settled = cv::countNonZero(Settled(scene));
  if (settled == 0) return 0.0;
  return static_cast<double>(cv::countNonZero(MovingBackground(scene))) / settled;
}

}  // namespace peekproof::audit
