// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "image/reconstruction.h"
#include "metrics/leak_truth.h"

namespace peekproof::metrics {

/// What a reconstruction scores when only pixels of at least a stated confidence are kept.
struct ConfidencePoint {
  double threshold = 0;
  double recall_10 = 0;     ///< As RoomAccuracy's at CIEDE2000 10.
  double precision_10 = 0;  ///< Likewise; not a number where nothing is left.
};

/// Number of points of the curve: thresholds 0, 1/20, ..., 19/20.
inline constexpr int kConfidencePoints = 20;

/// Recall and precision against the threshold on the confidence, ascending. An attack that knows what it
/// knows gains precision at little loss of recall; one of constant confidence has a single point. Aborts when
/// sizes differ.
std::vector<ConfidencePoint> ConfidenceCurve(const image::Reconstruction& room, const LeakTruth& truth);

}  // namespace peekproof::metrics
