// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <span>

#include "attacks/unmix_model.h"

namespace peekproof::attacks {

/// One observation of a pixel: wallpaper + alpha * (room - wallpaper), if it shows the room.
struct Observation {
  cv::Vec3f offset;  ///< Pixel minus wallpaper, BGR, 8-bit steps.
  float alpha = 0;   ///< Believed alpha, in (0, 1].
  float room = 0;    ///< Belief that it shows the room, in [0, 1].
  float time_s = 0;
};

struct SolverOptions {
  float noise = 5.0F;             ///< Of a recorded channel, 8-bit steps: camera and codec.
  float alpha_log_noise = 0.45F;  ///< Standard deviation of the logarithm of a believed alpha.
  bool saturating = false;        ///< Whether alphas of 1 are common, as with a coverage ramp.
  float saturation_noise = 0.8F;  ///< How far a believed alpha may be below a true one of 1.
  int rounds = 3;                 ///< Of refinement after the best start is found.
  int min_support = 1;            ///< Observations that must agree.
};

/// The room colour that most of the believable observations agree on.
struct PixelEstimate {
  bool found = false;
  cv::Vec3f offset;   ///< Room minus wallpaper, 8-bit steps; wallpaper + offset is in [0, 255].
  EstimateCues cues;  ///< All but `neighbours`.
  int support = 0;    ///< Agreeing observations.
  float first_s = 0;
  float last_s = 0;
};

/// Solves one pixel: the room does not move, so its observations lie on one line from the wallpaper's colour
/// towards the room's, each at its alpha; the caller's lie anywhere. Each observation proposes the colour
/// that it would have if it were right; the proposal that most weight agrees with is refined by weighted
/// means of direction and length.
///
/// In      wallpaper: BGR 8-bit. observations: at most 8.
/// Source  The un-blending C = (X - (1 - a) V) / a under a robust estimate of the densest cluster; here the
///         spread of each observation is what its alpha's error makes it: along the line, not around it.
PixelEstimate SolvePixel(cv::Vec3b wallpaper, std::span<const Observation> observations,
                         const SolverOptions& options);

}  // namespace peekproof::attacks
