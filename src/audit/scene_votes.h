// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <opencv2/core.hpp>

#include "audit/colour_drift.h"
#include "audit/frame_samples.h"
#include "audit/photometry.h"
#include "image/colour_vote.h"
#include "image/mask.h"

namespace peekproof::audit {

/// What the sampled frames of one scene add up to.
struct SceneSamples {
  explicit SceneSamples(cv::Size frame_size);
  image::ColourVote vote;
  Photometry photometry;
  ColourDrift drift;      ///< Of thumbnails, where they surely show the background.
  cv::Mat1f caller_sum;   ///< Sum of caller masks, thumbnail size.
  cv::Mat1f settled_sum;  ///< Frames in which the pixel was surely background, thumbnail size.
  double caller_share_sum = 0;
  FrameSamples kept;   ///< Whole frames as recorded.
  FrameSamples shown;  ///< What a moving wallpaper shows in each of them; empty where it is still.
  int frames = 0;
};

/// A frame as it was recorded, before a moving wallpaper.
struct RecordedFrame {
  cv::Mat3b bgr;
  cv::Mat3b shown;  ///< The wallpaper's picture.
};

/// Full-size colour votes of the scenes that are worth one, within a memory budget.
class SceneVotes {
 public:
  explicit SceneVotes(cv::Size frame_size);

  /// Adds a sampled frame. caller: probability, of the thumbnail's size. recorded: of a frame that was
  /// stilled; null where `bgr` is as it was recorded. False when there was no room for the scene.
  bool Add(int scene, const cv::Mat3b& bgr, const cv::Mat3b& thumbnail, const image::AlphaMask& caller,
           const RecordedFrame* recorded = nullptr);

  /// Null where the scene has no samples.
  const SceneSamples* Find(int scene) const;

 private:
  SceneSamples* FindOrMake(int scene);

  cv::Size frame_size_;
  size_t max_scenes_;
  std::map<int, std::unique_ptr<SceneSamples>> samples_;
  cv::Mat1b doubtful_;
};

}  // namespace peekproof::audit
