// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::audit {

/// How far a recording strays from a known wallpaper that moves, by the wallpaper's own texture: codecs keep
/// flat places and smear moving detail, by 1 level here and 30 there.
class WallpaperNoise {
 public:
  /// Classes of texture: range of grey among a pixel's neighbours, by 16.
  static constexpr int kTextures = 16;

  /// Learns from a frame, unless it shows something else than the wallpaper: less than 60 % of its background
  /// are within 32 levels of it. Returns whether it learned.
  /// In  frame, shown: of one size, BGR 8-bit. background: of that size, 255 where no caller is near.
  bool Learn(const cv::Mat3b& frame, const cv::Mat3b& shown, const cv::Mat1b& background);

  /// Difference, in 8-bit levels of the channel that differs most, below which 99 % of the pixels of a class
  /// were; at least 4, at most 64, and no less than that of a flatter class. 24 before anything was learned.
  const std::array<int, kTextures>& limits() const { return limits_; }

 private:
  static constexpr int kLevels = 256;
  using Counts = std::array<std::array<int64_t, kLevels>, kTextures>;

  void RenewLimits();

  Counts counts_{};
  std::array<int, kTextures> limits_ = MakeLimits();
  static constexpr std::array<int, kTextures> MakeLimits() {
    std::array<int, kTextures> limits{};
    limits.fill(24);
    return limits;
  }
};

/// Class of texture of each pixel of a picture, in [0, kTextures).
cv::Mat1b TextureOf(const cv::Mat3b& picture);

}  // namespace peekproof::audit
