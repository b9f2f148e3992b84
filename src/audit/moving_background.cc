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
constexpr float kDrifts = 3.0F;       // Levels, beyond what half of the background strays.
constexpr float kMoves = 4.0F;        // Of what decides whether a part that drifts moves,
constexpr double kLeastPart = 0.02;   // and how much of the frame it must be.

// 255 where a place was free of the caller for long enough.
cv::Mat1b Settled(const SurveyedScene& scene) {
  cv::Mat1b settled;
  cv::compare(scene.settled_frames, LeastSettledFrames(scene), settled, cv::CMP_GE);
  return settled;
}

float MedianOf(const cv::Mat1f& values, const cv::Mat1b& where) {
  std::vector<float> chosen;
  for (int y = 0; y < values.rows; ++y)
    for (int x = 0; x < values.cols; ++x)
      if (where(y, x) != 0) chosen.push_back(values(y, x));
  if (chosen.empty()) return 0.0F;
  const auto middle = chosen.begin() + static_cast<std::ptrdiff_t>(chosen.size() / 2);
  std::nth_element(chosen.begin(), middle, chosen.end());
  return *middle;
}

// The connected parts of `drifts` that hold enough of what `moves`.
cv::Mat1b PartsThatMove(const cv::Mat1b& drifts, const cv::Mat1b& moves) {
  cv::Mat1i labels;
  std::vector<int> areas(static_cast<size_t>(cv::connectedComponents(drifts, labels, 8, CV_32S)), 0);
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x)
      areas[static_cast<size_t>(labels(y, x))] += moves(y, x) != 0 ? 1 : 0;
  areas[0] = 0;  // What does not drift.
  const double least = kLeastPart * static_cast<double>(drifts.total());
  cv::Mat1b parts(drifts.size(), uint8_t{0});
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x)
      if (areas[static_cast<size_t>(labels(y, x))] >= least) parts(y, x) = 255;
  return parts;
}

// Settled places that stray by so many levels more than half of the background does.
cv::Mat1b Beyond(float levels, const SurveyedScene& scene, const cv::Mat1b& settled) {
  cv::Mat1b beyond;
  cv::compare(scene.colour_drift, levels + MedianOf(scene.colour_drift, settled), beyond, cv::CMP_GT);
  cv::bitwise_and(beyond, settled, beyond);
  return beyond;
}

}  // namespace

float LeastSettledFrames(const SurveyedScene& scene) {
  return std::max(kLeastFrames, kLeastShare * static_cast<float>(scene.sampled_frames));
}

cv::Mat1b MovingBackground(const SurveyedScene& scene) {
  if (scene.settled_frames.empty()) return {};
  const cv::Mat1b settled = Settled(scene);
  return PartsThatMove(Beyond(kDrifts, scene, settled), Beyond(kMoves, scene, settled));
}

double MovingShare(const SurveyedScene& scene) {
  if (scene.settled_frames.empty()) return 0.0;
  const int settled = cv::countNonZero(Settled(scene));
  if (settled == 0) return 0.0;
  return static_cast<double>(cv::countNonZero(MovingBackground(scene))) / settled;
}

}  // namespace peekproof::audit
