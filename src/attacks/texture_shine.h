// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "attacks/wallpaper.h"

namespace peekproof::attacks {

/// How much of the wallpaper's texture shines through each place of a frame. Where the recorded pixel is
/// (1 - a) V + a C with a smooth alpha, and C does not follow V, the gradients of the picture follow those of
/// the wallpaper with slope 1 - a: alpha can be measured where the wallpaper has texture, whatever a network
/// thinks. Codecs smooth texture away, so the slope is a cue and no result.
///
/// Worked out at half the size, over squares of kSide pixels of it. Not thread-safe: keeps buffers.
class TextureShine {
 public:
  static constexpr int kSide = 7;

  explicit TextureShine(const Wallpaper& wallpaper);

  /// bgr: of the wallpaper's size.
  void Update(const cv::Mat3b& bgr);

  /// Slope of the picture's gradients over the wallpaper's, clamped to [-0.5, 1.5]: 1 the wallpaper, 0 none
  /// of it.
  float SlopeAt(int y, int x) const { return slope_(y / 2, x / 2); }
  /// Root mean square of the wallpaper's gradient, 8-bit steps a pixel of the half size.
  float StrengthAt(int y, int x) const { return strength_(y / 2, x / 2); }

 private:
  cv::Size half_;
  cv::Mat1f wallpaper_dx_;
  cv::Mat1f wallpaper_dy_;
  cv::Mat1f energy_;  ///< Mean squared gradient of the wallpaper.
  cv::Mat1f strength_;
  cv::Mat1b grey_;
  cv::Mat1b small_;
  cv::Mat1f product_;
  cv::Mat1f slope_;
};

}  // namespace peekproof::attacks
