// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::testbed {

/// What a caller does in a call.
enum class MotionScript {
  kNone,       ///< Nothing but what footage shows of its own; a drawn caller sits still.
  kNatural,    ///< Seeded swaying, leaning, head turns, talking, and now and then a raised hand.
  kWalk,       ///< Walks into the picture, stays, and walks out of it; again and again.
  kInterview,  ///< Seeing Through, section 5.1 and its artifact: conversation (i),
  kStandUp,    ///< standing up and sitting down (g),
  kWaveArm,    ///< waving an arm (a),
  kWaveHand,   ///< waving a hand (w),
  kTiltHead,   ///< tilting the head (n),
  kTurnHead,   ///< and turning it (h).
};

/// Parses "none", "natural", "walk", "interview", "stand-up", "wave-arm", "wave-hand", "tilt-head" or
/// "turn-head". Errors  kInvalidArgument: names the known ones.
Result<MotionScript> ParseMotionScript(const std::string& name);
/// The name that ParseMotionScript takes.
std::string NameOfMotionScript(MotionScript script);
/// All names, in the order above.
std::vector<std::string> MotionScriptNames();

}  // namespace peekproof::testbed
