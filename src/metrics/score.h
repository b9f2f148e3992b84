// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "image/reconstruction.h"
#include "metrics/leak_truth.h"

namespace peekproof::metrics {

/// How close painted pixels are to the true room, at one threshold of CIEDE2000. Every share is in [0, 1];
/// one without a denominator (nothing leaked, nothing painted) is 0.
struct RoomAccuracy {
  double threshold = 0;  ///< A pixel is right where its colour difference to the room is below this.
  /// Right pixels / leaked pixels, over leak > 0. An absent pixel is never right. 0: nothing of what leaked
  /// was recovered; 1: all of it, faint leaks included, which no attack reaches on a compressed call.
  double recall = 0;
  /// The same, each pixel counted by its leak weight, so that faint leaks hardly matter.
  double weighted_recall = 0;
  /// Right pixels / painted pixels, wherever painted. A picture of another room scores 0.01 to 0.07 at 10.
  double precision = 0;
};

/// The published artifact's score: sum of leak weights over pixels whose colour is right / sum of all leak
/// weights, where right means within 4 of the blend G = leak * room + (1 - leak) * wallpaper (8 bit,
/// rounded), on a difference map rounded to 8 bit: effectively CIEDE2000 < 3.5. Pixels without leak do not
/// count.
///
/// Source  Paper section 5.3; artifact's eval. Misleads: it asks for the blend, not for the room, so a
///         perfect room scores low where leaks are faint and the bare wallpaper scores well there; wrong and
///         excess paint cost nothing. Never use it alone; compare with `wallpaper_floor`.
struct LegacyScore {
  double painted = 0;          ///< Absent pixels count as wrong.
  double filled = 0;           ///< Absent pixels are handed in as the wallpaper's.
  double wallpaper_floor = 0;  ///< The wallpaper handed in everywhere: what no attack at all scores.
};

/// Paint where nothing leaked, as shares of the frame.
struct FalsePaint {
  double total = 0;
  double caller = 0;     ///< Where the caller was in at least one frame; 0 where truth.caller is empty.
  double wallpaper = 0;  ///< The rest; 0 where truth.caller is empty.
};

/// Painted pixels whose stated confidence falls into one tenth of [0, 1].
struct CalibrationBin {
  int64_t painted_px = 0;
  double stated = 0;  ///< Mean confidence; 0 for an empty bin.
  double right = 0;   ///< Share within 10 of the true room; 0 for an empty bin.
};

/// All scores of one reconstruction against the truth. docs/metrics.md explains each at landmark values.
struct Scores {
  LeakArea area;
  int64_t painted_px = 0;
  double coverage = 0;  ///< Painted leaked pixels / leaked pixels, right or wrong.
  RoomAccuracy at_4;    ///< "The same colour" of the paper.
  RoomAccuracy at_10;   ///< Recognisably the same.
  LegacyScore legacy;
  FalsePaint false_paint;
  std::array<CalibrationBin, 10> calibration;
  /// Mean over painted pixels of |stated - right| by bin. 0: confidences can be believed; a constant
  /// confidence of 1 has 1 - precision.
  double calibration_error = 0;
  /// Brier score: mean over painted pixels of (stated - right)^2, right being 0 or 1. 0: certain and right;
  /// 0.25: what stating 0.5 everywhere gets; 1: certain and wrong.
  double brier = 0;
};

/// Scores `room` against `truth`. Aborts when sizes differ or the leak has values outside [0, 1].
Scores ScoreReconstruction(const image::Reconstruction& room, const LeakTruth& truth);

}  // namespace peekproof::metrics
