// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::metrics {

/// What really leaked in a call whose making is known (test bed). All of one size.
struct LeakTruth {
  image::AlphaMask leak;  ///< Largest weight, over the call, with which the room's pixel was shown; [0, 1].
  cv::Mat3b room;         ///< The true room, BGR 8-bit sRGB.
  cv::Mat3b wallpaper;    ///< The virtual background, same encoding.
  cv::Mat1b environment;  ///< 255 where the caller left the room uncovered in at least one frame, so that it
                          ///< could have leaked; empty: everywhere.
  cv::Mat1b caller;  ///< 255 where the caller was in at least one frame; empty: not known, and false paint
                     ///< is not told apart.
};

/// How much leaked, whatever an attack makes of it. Pixels count where leak and environment overlap; a leak
/// outside the environment is a contradiction in the truth and is counted apart.
struct LeakArea {
  int64_t frame_px = 0;
  int64_t environment_px = 0;
  int64_t full_px = 0;     ///< Leak weight 1 (at least 0.999): the room's own colour was shown.
  int64_t partial_px = 0;  ///< Leak weight above 0, full ones included.
  double weighted_px = 0;  ///< Sum of the leak weights.
  int64_t outside_px = 0;  ///< Leak weight above 0 outside the environment; 0 in sound truth.

  /// Shares of the real environment (the paper's figure 8) and of the frame, in [0, 1]; 0 for no area.
  double full_of_environment() const;
  double partial_of_environment() const;
  double weighted_of_environment() const;
  double full_of_frame() const;
  double partial_of_frame() const;
  double weighted_of_frame() const;
};

/// Leak weight from which a pixel counts as fully leaked (255 of 255 in the paper's 8-bit masks).
inline constexpr float kFullLeak = 0.999F;

/// Measures `truth`'s leak. Aborts when the sizes differ.
/// Source  Paper sections 5.1 to 5.3: fully and partially leaked pixels over the real environment.
LeakArea MeasureLeakArea(const LeakTruth& truth);

}  // namespace peekproof::metrics
