// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "image/reconstruction.h"
#include "metrics/leak_truth.h"

namespace peekproof::metrics {

/// What a reconstruction would have been, had the call ended earlier.
struct GrowthPoint {
  double time_s = 0;
  double coverage = 0;   ///< Leaked pixels seen up to then / all pixels that leak in the call.
  double recall_10 = 0;  ///< Those of them whose final colour is within CIEDE2000 10 of the room / the same.
};

/// By the time at which each pixel was first seen.
///
/// Misleads: colours are the final ones, which later frames made better, so that early recall is an upper
/// bound. times_s: ascending, on the reconstruction's own clock. Aborts when sizes differ.
std::vector<GrowthPoint> RecoveryGrowth(const image::Reconstruction& room, const LeakTruth& truth,
                                        const std::vector<double>& times_s);

}  // namespace peekproof::metrics
