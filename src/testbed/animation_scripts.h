// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "testbed/animation.h"

// What each script makes of a quiet pose: seeded, continuous functions of time. Each repeats its action
// every few seconds, in a seeded place of each period.

namespace peekproof::testbed {

/// A pose in which both arms are down, talking and looking about, at time_s.
CallerPose QuietPose(const MotionOptions& options, uint64_t seed, double time_s);

void PlayInterview(const MotionOptions& options, uint64_t seed, double time_s, CallerPose* pose);
void PlayStandUp(uint64_t seed, double time_s, CallerPose* pose);
void PlayWaveArm(uint64_t seed, double time_s, CallerPose* pose);
void PlayWaveHand(uint64_t seed, double time_s, CallerPose* pose);
void PlayTiltHead(uint64_t seed, double time_s, CallerPose* pose);
void PlayTurnHead(uint64_t seed, double time_s, CallerPose* pose);

/// Where a walk leads.
struct WalkPlan {
  float outside_x;   ///< To either side, in metres.
  float stay_x;      ///< Where they stay; the sign is seeded.
  float distance;    ///< While walking.
  float standing_y;  ///< Height offset while walking.
  bool sits;         ///< Whether they sit down at the pose's own place, or stand at distance and standing_y.
};
void PlayWalk(const WalkPlan& plan, uint64_t seed, double time_s, CallerPose* pose);

}  // namespace peekproof::testbed
