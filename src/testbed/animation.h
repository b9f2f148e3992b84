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

/// The script at one moment, with seeded variation. A function of its arguments alone, continuous in time, so
/// frames can be drawn in any order.
///
/// kNone      one pose without any motion, at distance_m.
/// kNatural   swaying, leaning in and out, head turns and nods, talking in phrases, blinks, and now and then
/// a
///            raised, waving hand. All other scripts but kNone build on this without the hand.
/// kInterview nods, thoughtful glances aside, leaning in, and one or two hands gesturing before the chest.
/// kStandUp   every 8 s up in 1.5 s, until the chin is above the frame, 1.6 s there, and down again.
/// kWaveArm   every 6.5 s one whole arm stretched out, swinging between level and upright.
/// kWaveHand  every 5 s one hand beside the head, waving twice a second.
/// kTiltHead  every 3.2 s by 0.40 to 0.48 rad, to alternating sides.
/// kTurnHead  every 3.6 s by 0.98 to 1.08 rad, to alternating sides.
/// kWalk      every 14 s in from one side, sitting down for 6 s, and out; wholly outside frames of up to 21:9
///            at the start and the end of each period.
/// Source     The scripts of Seeing Through, section 5.1; timings and extents are ours.
CallerPose PoseAt(const MotionOptions& options, uint64_t seed, double time_s);

/// What a second person does.
enum class SecondPersonMotion {
  kBeside,   ///< Sits to one side, somewhat further back.
  kPassing,  ///< Walks in behind the caller, stands to one side for some seconds, and leaves; every 14 s.
};

/// The second person at one moment; 1.25 to 1.75 m away. As PoseAt, a continuous function of its arguments.
CallerPose SecondPersonPoseAt(SecondPersonMotion motion, uint64_t seed, double time_s);

}  // namespace peekproof::testbed
