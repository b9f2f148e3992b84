// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "testbed/smooth_step.h"

namespace peekproof::testbed {

/// One independent movement, of the caller or the camera, per name; also the row of its random numbers.
enum Movement : uint64_t {
  kSway,
  kLift,
  kApproach,
  kBodyYaw,
  kBodyPitch,
  kLean,
  kHeadTurn,
  kHeadNod,
  kHeadTilt,
  kPhrase,
  kSyllable,
  kBlink,
  kArm,
  kWave,
  kEpisode,
  kDirection,
  kGesture,
  kThought,
  kNod,
  kRedGain,
  kBlueGain,
  kShakeX,
  kShakeY,
  kShakeRoll
};

/// A slow wandering in [-1, 1]: three sines with seeded periods (around `period_s`) and phases.
double Wander(uint64_t seed, Movement movement, double period_s, double time_s);

/// Looks held for a while and swift turns between them, in [-1, 1].
double Glance(uint64_t seed, Movement movement, double hold_s, double time_s);

/// Opening of the mouth: syllables within phrases, with pauses.
double Talking(uint64_t seed, double time_s);

/// One blink of 0.16 s somewhere in each 3.4 s.
double Blinking(uint64_t seed, double time_s);

/// Something that is done once in each period, somewhere within it.
struct Rhythm {
  double period_s;
  double rise_s;  ///< Also the time of the way back.
  double hold_s;  ///< rise_s twice and hold_s fit into period_s.
};
struct Episode {
  int64_t number;  ///< Of the period.
  double amount;   ///< 0 before and after, 1 while held.
};
Episode EpisodeAt(uint64_t seed, Movement movement, const Rhythm& rhythm, double time_s);

/// Uniform in [0, 1), one number for each period.
double Chance(uint64_t seed, Movement movement, int64_t number);

}  // namespace peekproof::testbed
