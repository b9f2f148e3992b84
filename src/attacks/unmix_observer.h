// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "attacks/caller_colours.h"
#include "attacks/rim_distances.h"
#include "attacks/rim_profile.h"
#include "attacks/texture_shine.h"
#include "attacks/unmix_model.h"
#include "attacks/wallpaper.h"
#include "engines/engine.h"

namespace peekproof::attacks {

/// Which pixels of a frame are worth observing.
struct ObserverOptions {
  int min_difference = 7;     ///< Smallest largest channel difference to the wallpaper, 8-bit steps; where
                              ///< the noise is larger, its limit.
  float caller_below = 0.8F;  ///< Second segmentation must be below this, in [0, 1].
  float alpha_above = 0.01F;  ///< Or the service's re-estimated alpha must be above this, in [0, 1].
};

/// Reads one frame's observations of the pixels that may show the room.
///
/// With light wrapping the recorded pixel is not a mixture of room and wallpaper, but of the room as the
/// wallpaper lightens it (at full strength, as everywhere below full coverage) and the wallpaper;
/// observations speak of that lightened room, and RoomColour undoes it. Threads Rows may be read in parallel
/// between two calls of Begin.
class UnmixObserver {
 public:
  UnmixObserver(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
                const ObserverOptions& options);

  /// Makes `evidence` the current frame. difference: of the frame, by DifferenceToWallpaper. noise_limit:
  /// PixelHistory::limit. Evidence and limit must live until the next call.
  void Begin(const FrameEvidence& evidence, const cv::Mat1b& difference, const cv::Mat1f& noise_limit);

  /// Columns of row `y` that are worth observing; returns their number. columns: as long as a row, plus one.
  int Candidates(int y, int* columns) const;
  /// Fills the inputs of the first `count` entries of `block` from columns of row `y`, the rest with zeros.
  void Fill(int y, const int* columns, int count, ObservationBlock* block) const;
  /// The pixel as it would be without what light wrapping takes back at full coverage; the pixel itself with
  /// linear engines and below full coverage.
  cv::Vec3b ColourAt(int y, int x) const;

  AlphaKind alpha_kind() const {
    return blend_.smooth_coverage || blend_.cut_mask ? AlphaKind::kCoverage : AlphaKind::kLinear;
  }

  /// The room's colour for a lightened one.
  cv::Vec3b RoomColour(cv::Vec3b wallpaper, cv::Vec3f lightened) const;

 private:
  std::shared_ptr<const Wallpaper> wallpaper_;
  engines::BlendModel blend_;
  ObserverOptions options_;
  const FrameEvidence* evidence_ = nullptr;
  cv::Mat1b candidates_;  ///< 1: worth observing.
  CallerColours colours_;
  const cv::Mat1f* noise_limit_ = nullptr;
  RimDistances rim_;
  RimProfile profile_;
  TextureShine texture_;
};

}  // namespace peekproof::attacks
