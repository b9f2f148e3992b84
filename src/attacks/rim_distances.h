// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::attacks {

/// Where in the caller's rim the pixels of one frame lie: leaks are a strip between the wallpaper and the
/// caller. Worked out on every second pixel of every second row. Not thread-safe: keeps buffers.
class RimDistances {
 public:
  /// caller: second segmentation. difference: of the same frame, by DifferenceToWallpaper. noise_limit:
  /// PixelHistory::limit, from which a pixel is not the wallpaper's. All of the frame's size.
  void Update(const image::AlphaMask& caller, const cv::Mat1b& difference, const cv::Mat1f& noise_limit);

  // Distances in pixels of a frame of 720 rows.

  /// To the nearest pixel that is the wallpaper's. A lone pixel that differs counts as wallpaper.
  float DepthAt(int y, int x) const { return depth_(y / 2, x / 2); }
  /// To the outline of the second segmentation (at one half), negative inside.
  float OutlineAt(int y, int x) const { return outline_(y / 2, x / 2); }
  /// The same for all places, at half the size.
  const cv::Mat1f& outline() const { return outline_; }

 private:
  cv::Mat1b differs_;
  cv::Mat1b caller_;
  cv::Mat1f depth_;
  cv::Mat1f outline_;
  cv::Mat1f inside_;
};

}  // namespace peekproof::attacks
