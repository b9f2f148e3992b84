// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"
#include "testbed/caller.h"
#include "testbed/motion_script.h"

namespace peekproof::testbed {

/// How lively a caller is.
struct MotionOptions {
  MotionScript script = MotionScript::kNatural;
  float sway_m = 0.075F;       ///< Sideways wandering of the body, metres to either side; 0 to 0.14.
  float lean_rad = 0.09F;      ///< Rolling from side to side; 0 to 0.3.
  float head_rad = 0.42F;      ///< Widest turn of the head; 0 to 1.
  double wave_period_s = 7.0;  ///< One arm is raised and waved about once in this time; 0: never.
  float distance_m = 0.82F;    ///< Mean distance from the camera; 0.62 to 1.12.

  Result<void> Validate() const;
};

/// Seeded natural motion: swaying, leaning in and out, head turns and nods, talking in phrases, blinks, and
/// now and then a raised, waving hand.
///
/// A function of its arguments alone, continuous in time, so frames can be drawn in any order.
CallerPose PoseAt(const MotionOptions& options, uint64_t seed, double time_s);

}  // namespace peekproof::testbed
