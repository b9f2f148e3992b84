// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "audit/wallpaper_model.h"
#include "base/result.h"
#include "models/segmenter.h"

namespace peekproof::audit {

/// The profiles that a recording's edges are compared with. Others mix like one of these: `bbb` like `jitsi`.
inline constexpr std::array<const char*, 5> kCandidateEngines = {"meet", "mediapipe", "jitsi", "zoom",
                                                                 "twilio"};

/// How well one profile's alpha, re-estimated on recorded frames, explains the callers' edges.
struct EngineFit {
  double explained = 0;  ///< Mean over blocks at the edge: share of the squared difference to the wallpaper
                         ///< that one colour times the alpha explains, in [0, 1].
  double beyond = 0;     ///< Share of the pixels that show something where the alpha is 0, in [0, 1].
  double unseen = 0;     ///< Share of the pixels that show nothing where the alpha is 0.15 to 0.6, in [0, 1].
};

/// Fits of kCandidateEngines, and in how many blocks.
struct EngineCues {
  std::array<EngineFit, kCandidateEngines.size()> fits;
  int blocks = 0;
};

/// Compares the profiles on full frames of one scene, several at once.
/// In      caller: finds the region around the edge. frames: of the wallpaper's size. shown: the wallpaper's
/// picture in
///         each of them, in place of the model's; empty where it is still.
/// Threads The result does not depend on their number. Errors  MakeMatter's; the segmenter's.
Result<EngineCues> CompareEngines(const std::vector<cv::Mat3b>& frames, const std::vector<cv::Mat3b>& shown,
                                  const WallpaperModel& wallpaper, models::Segmenter* caller);

}  // namespace peekproof::audit
