// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/scene_tracker.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/simd.h"

namespace peekproof::audit {
namespace {

constexpr int kSceneTolerance = 18;  // Levels: above codec noise, below the step between two scenes.
constexpr double kCutShare = 0.5;    // A caller seldom moves through half of the picture in one frame.
constexpr double kSameScene = 0.6;   // A caller alone seldom fills that much.
constexpr double kStillPlate = 0.6;  // Agreement of a scene that stands still, caller included.
constexpr double kLostPlate = 0.35;  // Agreement that only the caller's own pixels can explain.
constexpr double kSettleSeconds = 1.0;
constexpr double kCalmShare = 0.85;  // Agreement of consecutive frames when only the caller moves.
constexpr double kPlateRate = 0.06;  // Weight of a new frame in the plate.

/// Number of n pixels whose channels all differ by at most `tolerance`.
PEEKPROOF_VECTOR_CLONES int CountAgreeing(const uint8_t* __restrict a, const uint8_t* __restrict b,
                                          int tolerance, int n) {
  int agreeing = 0;
  for (int i = 0; i < n; ++i) {
    const int first = std::abs(a[3 * i] - b[3 * i]);
    const int second = std::abs(a[3 * i + 1] - b[3 * i + 1]);
    const int third = std::abs(a[3 * i + 2] - b[3 * i + 2]);
    agreeing += std::max(std::max(first, second), third) <= tolerance ? 1 : 0;
  }
  return agreeing;
}

double MeanDifferenceShare(const cv::Mat3b& a, const cv::Mat3b& b) {
  return 1.0 - AgreeingShare(a, b, kSceneTolerance);
}

}  // namespace

double AgreeingShare(const cv::Mat3b& a, const cv::Mat3b& b, int tolerance) {
  PEEKPROOF_CHECK(a.size() == b.size(), "thumbnails of {}x{} and {}x{}", a.cols, a.rows, b.cols, b.rows);
  int64_t agreeing = 0;
  for (int row = 0; row < a.rows; ++row) {
    agreeing += CountAgreeing(a.ptr<uint8_t>(row), b.ptr<uint8_t>(row), tolerance, a.cols);
  }
  return static_cast<double>(agreeing) / static_cast<double>(std::max<size_t>(1, a.total()));
}

int SceneTracker::Add(const cv::Mat3b& thumbnail, int64_t frame, double time_s) {
  const auto agreement_with_plate = [&] {
    return AgreeingShare(thumbnail, scenes_[static_cast<size_t>(shots_.back().scene)].plate, kSceneTolerance);
  };
  double agreement = shots_.empty() ? 0.0 : agreement_with_plate();
  if (shots_.empty() || ShotEnds(thumbnail, agreement, time_s)) {
    StartShot(thumbnail, frame, time_s);
    agreement = agreement_with_plate();
  }
  Shot& shot = shots_.back();
  shot.end_frame = frame + 1;
  shot.last_s = time_s;
  Scene& scene = scenes_[static_cast<size_t>(shot.scene)];
  scene.agreement_sum += agreement;
  ++scene.frames;
  cv::addWeighted(scene.plate, 1.0 - kPlateRate, thumbnail, kPlateRate, 0.0, scene.plate);
  thumbnail.copyTo(previous_);
  return shot.scene;
}

bool SceneTracker::ShotEnds(const cv::Mat3b& thumbnail, double agreement, double time_s) {
  const double changed = MeanDifferenceShare(thumbnail, previous_);
  if (changed > kCutShare) return true;

  const Scene& scene = scenes_[static_cast<size_t>(shots_.back().scene)];
  if (agreement >= kLostPlate) {
    restless_since_s_ = -1;
  } else {
    if (restless_since_s_ < 0) restless_since_s_ = time_s;
    const bool left_for_good = time_s - restless_since_s_ >= kSettleSeconds / 2;
    if (left_for_good && !was_restless_ && scene.stability() >= kStillPlate) return true;
    was_restless_ = was_restless_ || left_for_good;
  }

  if (changed > 1.0 - kCalmShare) {
    calm_since_s_ = -1;
  } else if (calm_since_s_ < 0) {
    calm_since_s_ = time_s;
  }
  const bool came_to_rest = calm_since_s_ >= 0 && time_s - calm_since_s_ >= kSettleSeconds;
  return was_restless_ && came_to_rest && agreement < kStillPlate;
}

int SceneTracker::SceneOf(const cv::Mat3b& thumbnail) {
  int best_scene = -1;
  double best_agreement = kSameScene;
  for (size_t i = 0; i < scenes_.size(); ++i) {
    const double agreement = AgreeingShare(thumbnail, scenes_[i].plate, kSceneTolerance);
    if (agreement >= best_agreement) {
      best_agreement = agreement;
      best_scene = static_cast<int>(i);
    }
  }
  if (best_scene >= 0) return best_scene;
  if (scenes_.size() >= kMaxScenes) return kMaxScenes - 1;
  scenes_.push_back({.plate = thumbnail.clone(), .frames = 0, .agreement_sum = 0});
  return static_cast<int>(scenes_.size()) - 1;
}

void SceneTracker::StartShot(const cv::Mat3b& thumbnail, int64_t frame, double time_s) {
  restless_since_s_ = -1;
  calm_since_s_ = -1;
  was_restless_ = false;
  const int scene = SceneOf(thumbnail);
  const bool continues = !shots_.empty() && shots_.back().scene == scene;
  if (continues || shots_.size() >= kMaxShots) return;
  shots_.push_back(
      {.scene = scene, .first_frame = frame, .end_frame = frame, .start_s = time_s, .last_s = time_s});
}

}  // namespace peekproof::audit
