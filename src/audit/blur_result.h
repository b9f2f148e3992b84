// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/finding.h"

namespace peekproof::audit {

/// One frame of a scene, with the caller in it.
struct SingleFrame {
  cv::Mat3b bgr;
  cv::Mat1b known;  ///< 255 where it does not show the caller.
};

/// What a network made of the restored room. It invents detail, so nothing of it is evidence.
struct Enhancement {
  std::string network;            ///< What made it.
  int scale = 1;                  ///< Its size, times the restored room's.
  cv::Mat3b bgr;                  ///< BGR 8-bit sRGB.
  std::vector<Finding> findings;  ///< What can be named in it, boxes in pixels of the recording. No evidence.
};

/// What a blurred background still tells.
struct BlurResult {
  std::string attack;       ///< Spec of the attack on the blur.
  std::string family;       ///< Shape of its kernel: "gaussian", "box", "disc", "cut gaussian".
  double sigma_px = 0;      ///< Its standard deviation per axis, in pixels of the recording,
  double sigma_low_px = 0;  ///< between these two.
  double sigma_high_px = 0;
  double noise = 0;              ///< Standard deviation of what is left of noise in the average, in levels.
  double seen_px = 0;            ///< Height of capitals from which writing can be read in a single frame,
  double readable_px = 0;        ///< and from which it can be read once the blur is taken back.
  std::optional<bool> has_halo;  ///< Whether the caller's colours bleed into the blur; none: not told.
  int64_t frames = 0;            ///< That the average was made of.
  cv::Mat3b average;             ///< The background without the caller; unknown places filled smoothly.
  cv::Mat3b restored;            ///< The same with the blur taken back.
  cv::Mat1f support;             ///< Share of what blurred a place's surroundings that was seen, in [0, 1].
  SingleFrame single;            ///< To compare with; empty once it was searched.
  std::vector<Finding> in_single_frame;  ///< What can be named in that.
  std::vector<Finding> seen;             ///< What can be named in `average`, by kind, then by confidence.
  std::vector<Finding> findings;         ///< What can be named in `restored`.
  std::optional<Enhancement> enhanced;   ///< None where no network was asked for.
};

}  // namespace peekproof::audit
