// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::audit {

/// A run of frames without a cut, showing one scene.
struct Shot {
  int scene = 0;  ///< Index into SceneTracker::scenes().
  int64_t first_frame = 0;
  int64_t end_frame = 0;  ///< One past the last.
  double start_s = 0;
  double last_s = 0;  ///< Time of the last frame.
};

/// One background that the recording shows, in one shot or in several.
struct Scene {
  cv::Mat3b plate;  ///< Slow average of the thumbnails: the background where the caller is away.
  int64_t frames = 0;
  double agreement_sum = 0;  ///< Sum over frames of the share of pixels that agree with the plate.

  /// Mean share of a frame's pixels that agree with the plate: near 1 minus the caller's area when still.
  double stability() const { return frames > 0 ? agreement_sum / static_cast<double>(frames) : 0.0; }
};

/// Splits a recording, seen as thumbnails in presentation order, into shots and recognises returning scenes.
///
/// A shot ends where more than half of the picture changes between two frames (a cut, a switched wallpaper,
/// the raw camera), where a still background slowly becomes another one (a fade, a camera that moves away),
/// and where a moving picture comes to rest. A new shot whose first frame agrees with the plate of a known
/// scene belongs to that scene. Memory is bounded by the thumbnail size and kMaxScenes; shots are merged into
/// the last one after kMaxShots.
class SceneTracker {
 public:
  static constexpr int kMaxScenes = 16;
  static constexpr size_t kMaxShots = 4096;

  /// Takes the next frame's thumbnail (all of one size) and returns its scene.
  int Add(const cv::Mat3b& thumbnail, int64_t frame, double time_s);

  const std::vector<Shot>& shots() const { return shots_; }
  const std::vector<Scene>& scenes() const { return scenes_; }

 private:
  bool ShotEnds(const cv::Mat3b& thumbnail, double agreement, double time_s);
  int SceneOf(const cv::Mat3b& thumbnail);
  void StartShot(const cv::Mat3b& thumbnail, int64_t frame, double time_s);

  std::vector<Shot> shots_;
  std::vector<Scene> scenes_;
  cv::Mat3b previous_;
  double restless_since_s_ =
      -1;                      ///< Since when the picture has disagreed with the plate; negative: it agrees.
  double calm_since_s_ = -1;   ///< Since when consecutive frames have been equal but for a caller.
  bool was_restless_ = false;  ///< Whether the shot has moved as a whole.
};

/// Share of pixels, in [0, 1], whose largest channel difference is at most `tolerance` (8-bit levels).
double AgreeingShare(const cv::Mat3b& a, const cv::Mat3b& b, int tolerance);

}  // namespace peekproof::audit
