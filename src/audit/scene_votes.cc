// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/scene_votes.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {
namespace {

constexpr size_t kMaxScenes = 4;
constexpr size_t kBudgetBytes = 200U << 20U;
constexpr size_t kBytesPerPixel = 50;
constexpr int kFewSamples = 8;        // A scene with fewer gives way to a new one.
constexpr float kDoubtful = 0.1F;     // Caller probability from which a sample may not be background.
constexpr int kDoubtfulCollarPx = 5;  // Thumbnail pixels.

constexpr int kSettledWeight = 32;  // A place that is free in 3 % of the frames shows the wallpaper, not him.

}  // namespace

SceneSamples::SceneSamples(cv::Size frame_size) : vote(frame_size, {.settled_weight = kSettledWeight}) {}

SceneVotes::SceneVotes(cv::Size frame_size)
    : frame_size_(frame_size),
      max_scenes_(std::clamp<size_t>(
          kBudgetBytes / (kBytesPerPixel * static_cast<size_t>(std::max(1, frame_size.area()))), 1,
          kMaxScenes)) {}

bool SceneVotes::Add(int scene, const cv::Mat3b& bgr, const cv::Mat3b& thumbnail,
                     const image::AlphaMask& caller, const RecordedFrame* recorded) {
  SceneSamples* samples = FindOrMake(scene);
  if (samples == nullptr) return false;
  const image::BinaryMask doubtful = image::Dilate(image::GreaterThan(caller, kDoubtful), kDoubtfulCollarPx);
  cv::resize(doubtful.values, doubtful_, frame_size_, 0, 0, cv::INTER_NEAREST);
  samples->vote.Add(bgr, doubtful_);
  samples->photometry.Add(bgr, caller);
  if (samples->caller_sum.empty()) {
    samples->caller_sum = cv::Mat1f(caller.values.size(), 0.0F);
    samples->settled_sum = cv::Mat1f(caller.values.size(), 0.0F);
  }
  samples->caller_sum += caller.values;
  const cv::Mat1b settled(doubtful.values == 0);
  cv::add(samples->settled_sum, cv::Scalar::all(1.0), samples->settled_sum, settled);
  samples->drift.Add(thumbnail, settled);
  samples->caller_share_sum += cv::mean(caller.values)[0];
  samples->kept.Offer(recorded != nullptr ? recorded->bgr : bgr);
  if (recorded != nullptr) samples->shown.Offer(recorded->shown);
  ++samples->frames;
  return true;
}

const SceneSamples* SceneVotes::Find(int scene) const {
  const auto found = samples_.find(scene);
  return found == samples_.end() ? nullptr : found->second.get();
}

SceneSamples* SceneVotes::FindOrMake(int scene) {
  const auto found = samples_.find(scene);
  if (found != samples_.end()) return found->second.get();
  if (samples_.size() >= max_scenes_) {
    const auto fewest = std::min_element(samples_.begin(), samples_.end(), [](const auto& a, const auto& b) {
      return a.second->frames < b.second->frames;
    });
    if (fewest->second->frames >= kFewSamples) return nullptr;
    samples_.erase(fewest);
  }
  return samples_.emplace(scene, std::make_unique<SceneSamples>(frame_size_)).first->second.get();
}

}  // namespace peekproof::audit
