// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "image/mask.h"

namespace peekproof::attacks {

/// A small call with known truth, for this layer's tests and benchmarks only: a caller made of blobs sways in
/// front of a room; a service with an imperfect matte puts a wallpaper behind him; a codec adds its noise.
struct SyntheticSceneOptions {
  cv::Size size{160, 90};
  int frames = 60;
  uint64_t seed = 1;
  double sway = 0.12;        ///< Amplitude of the caller's motion / width; 0: he sits still.
  double soft_px = 3.0;      ///< Half width of the matte's ramp at 160 pixels of width.
  double error_px = 3.0;     ///< Amplitude of the matte's error (its border wobbles), at 160 pixels of width.
  double estimate_px = 1.5;  ///< Amplitude of the difference between the re-estimated matte and the matte.
  double noise = 1.0;        ///< Standard deviation of camera and codec noise, 8-bit steps.
  bool codec = true;         ///< Half-resolution chroma, as 4:2:0 coding leaves it.
  bool caller = true;        ///< Without one, only the wallpaper is seen.
};

class SyntheticScene {
 public:
  explicit SyntheticScene(const SyntheticSceneOptions& options);

  struct Moment {
    FrameEvidence evidence;         ///< Composite and re-estimated masks; `leak` is left empty.
    image::AlphaMask true_alpha;    ///< The service's matte as it was used.
    image::BinaryMask true_caller;  ///< 255 where any of the caller is.
  };
  /// The moment of frame t; depends on the options and t alone.
  Moment At(int t) const;

  const cv::Mat3b& room() const { return room_; }
  const cv::Mat3b& wallpaper() const { return wallpaper_; }
  const SyntheticSceneOptions& options() const { return options_; }

 private:
  SyntheticSceneOptions options_;
  cv::Mat3b room_;
  cv::Mat3b wallpaper_;
  cv::Mat3b shirt_;
};

}  // namespace peekproof::attacks
