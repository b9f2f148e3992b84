// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <string>

#include "advise/caller_motion.h"
#include "base/result.h"
#include "testbed/motion_script.h"
#include "testbed/scene_options.h"

namespace peekproof::advise {

/// A kind of call that the test bed can draw, and what its masks look like.
struct CallCase {
  testbed::MotionScript script = testbed::MotionScript::kNatural;
  float distance_m = 0.82F;  ///< Of the caller from the camera.
  CallTraits traits;         ///< Means over three seeds of MeasureCase.
};

/// The cases to choose from: every motion script, at three distances.
std::span<const CallCase> CallCases();

/// "natural, 0.82 m".
std::string NameOf(const CallCase& one);

/// How unlike two calls are: the root of the sum of squares of
/// ln(share ratio) / 0.25, ln((speed + 0.02) ratio) / 0.5 and ln((1 + sweep) ratio) / 0.25.
/// 0: alike; 1: one trait is off by one such step, a quarter more of caller or half as fast again.
double Distance(const CallTraits& a, const CallTraits& b);

/// A case and how far it is.
struct ChosenCase {
  CallCase chosen;
  double distance = 0;
};
/// The case of CallCases with the least Distance to the traits; the first of equals.
ChosenCase NearestCase(const CallTraits& traits);

/// The scene of a case: a drawn caller (another one with each seed) before a drawn room, with two seconds of
/// set-up shots. The recording's light, noise and codec are not matched: behind a virtual background and a
/// codec they cannot be measured.
/// In      size: of the recording; larger than 1280 x 720 pixels is scaled down to that area, sides are made
///         even. frame_rate: per second; outside of 5 to 60 (and 0, not known) becomes 25.
testbed::SceneOptions SceneOf(const CallCase& one, cv::Size size, double frame_rate, int frames);

/// Measures a case's traits by the true mattes of 75 frames at 25 a second. Errors  Studio's.
Result<CallTraits> MeasureCase(testbed::MotionScript script, float distance_m, uint64_t seed);

}  // namespace peekproof::advise
