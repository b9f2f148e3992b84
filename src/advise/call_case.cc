// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/call_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "testbed/studio.h"

namespace peekproof::advise {
namespace {

constexpr double kLargestArea_px = 1280.0 * 720;
constexpr double kSetup_s = 2;

double Step(double a, double b, double step) { return std::log(a / b) / step; }

int Even(double side) { return std::max(16, 2 * cvRound(side / 2)); }

}  // namespace

std::string NameOf(const CallCase& one) {
  return fmt::format("{}, {:.2f} m", testbed::NameOfMotionScript(one.script), one.distance_m);
}

double Distance(const CallTraits& a, const CallTraits& b) {
  constexpr double kLeastShare = 0.001;
  constexpr double kStill = 0.02;  // Of the speed: what jitter alone may be.
  const double share =
      Step(std::max(a.caller_share, kLeastShare), std::max(b.caller_share, kLeastShare), 0.25);
  const double speed = Step(a.speed_per_s + kStill, b.speed_per_s + kStill, 0.5);
  const double sweep = Step(1 + a.sweep, 1 + b.sweep, 0.25);
  return std::sqrt(share * share + speed * speed + sweep * sweep);
}

ChosenCase NearestCase(const CallTraits& traits) {
  const std::span<const CallCase> cases = CallCases();
  const auto nearer = [&](const CallCase& a, const CallCase& b) {
    return Distance(traits, a.traits) < Distance(traits, b.traits);
  };
  const CallCase& nearest = *std::min_element(cases.begin(), cases.end(), nearer);
  return {nearest, Distance(traits, nearest.traits)};
}

testbed::SceneOptions SceneOf(const CallCase& one, cv::Size size, double frame_rate, int frames) {
  testbed::SceneOptions scene;
  const double scale =
      std::min(1.0, std::sqrt(kLargestArea_px / std::max(1.0, size.width * 1.0 * size.height)));
  scene.size = {Even(size.width * scale), Even(size.height * scale)};
  scene.frame_rate = frame_rate >= 5 && frame_rate <= 60 ? frame_rate : 25;
  scene.frames = frames;
  scene.setup_frames = cvRound(kSetup_s * scene.frame_rate);
  scene.motion.script = one.script;
  scene.motion.distance_m = one.distance_m;
  return scene;
}

Result<CallTraits> MeasureCase(testbed::MotionScript script, float distance_m, uint64_t seed) {
  constexpr int kFrames = 75;
  testbed::SceneOptions scene =
      SceneOf({.script = script, .distance_m = distance_m}, CallerMotionMeter::MaskSize(), 25, kFrames);
  scene.seed = seed;
  scene.foreground.render_height_px = CallerMotionMeter::MaskSize().height;
  PEEKPROOF_ASSIGN_OR_RETURN(testbed::Studio studio, testbed::Studio::Create(scene));
  CallerMotionMeter meter;
  cv::Mat footage;
  cv::Mat3b camera;
  image::AlphaMask caller;
  for (int i = 0; i < kFrames; ++i) {
    PEEKPROOF_RETURN_IF_ERROR(studio.Fetch(i, &footage));
    if (!meter.Wants(scene.TimeOf(i))) continue;
    studio.Shoot(i, footage, &camera, &caller);
    meter.Add(caller.values, scene.TimeOf(i));
  }
  return meter.Traits();
}

}  // namespace peekproof::advise
