// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/animation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "testbed/animation_curves.h"
#include "testbed/animation_scripts.h"

namespace peekproof::testbed {
namespace {

struct Raised {
  int arm = 0;
  double amount = 0;
};

/// One raised arm in each period: up within a second, held, and down.
Raised ArmAt(const MotionOptions& options, uint64_t seed, double time_s) {
  if (options.wave_period_s <= 0) return {};
  const double period = options.wave_period_s;
  const double slot = std::floor(time_s / period);
  RowRandom random(seed, static_cast<uint64_t>(static_cast<int64_t>(slot)), kArm);
  Raised raised;
  raised.arm = random.Uniform() < 0.5 ? 0 : 1;
  const double begin = period * random.Uniform(0.16, 0.34);
  const double end = begin + period * random.Uniform(0.34, 0.46);
  const double rise = std::min(0.9, 0.15 * period);
  const double within = time_s - slot * period;
  raised.amount = SmoothStep(begin, begin + rise, within) * (1.0 - SmoothStep(end, end + rise, within));
  return raised;
}

void RaiseAnArm(const MotionOptions& options, uint64_t seed, double time_s, CallerPose* pose) {
  const Raised raised = ArmAt(options, seed, time_s);
  pose->arm_raise[raised.arm] = static_cast<float>(raised.amount);
  const double swing =
      std::sin(2.0 * std::numbers::pi * 1.4 * time_s + 0.7 * Wander(seed, kWave, 3.0, time_s));
  pose->wave[raised.arm] = static_cast<float>(0.28 * raised.amount * swing);
}

Result<void> CheckRange(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("motion option {} of {} is out of range; give {} to {}", name, value, low, high)};
}

}  // namespace

Result<void> MotionOptions::Validate() const {
  PEEKPROOF_RETURN_IF_ERROR(CheckRange("sway_m", double(sway_m), 0, 0.14));
  PEEKPROOF_RETURN_IF_ERROR(CheckRange("lean_rad", double(lean_rad), 0, 0.3));
  PEEKPROOF_RETURN_IF_ERROR(CheckRange("head_rad", double(head_rad), 0, 1));
  PEEKPROOF_RETURN_IF_ERROR(CheckRange("wave_period_s", wave_period_s, 0, 1e6));
  return CheckRange("distance_m", double(distance_m), 0.62, 1.12);
}

CallerPose QuietPose(const MotionOptions& options, uint64_t seed, double time_s) {
  const auto wander = [&](Movement movement, double period_s) {
    return Wander(seed, movement, period_s, time_s);
  };
  const double sway = wander(kSway, 7.3);
  const double lean = wander(kLean, 5.9);
  const double talking = Talking(seed, time_s);
  CallerPose pose;
  pose.x = static_cast<float>(options.sway_m * sway);
  pose.y = static_cast<float>(-0.018 + 0.012 * wander(kLift, 5.1));
  pose.distance = static_cast<float>(options.distance_m * (1.0 + 0.10 * wander(kApproach, 11.0)));
  pose.body_yaw = static_cast<float>(0.16 * wander(kBodyYaw, 6.7));
  pose.body_pitch = static_cast<float>(0.05 * wander(kBodyPitch, 6.1));
  pose.body_roll = static_cast<float>(-options.lean_rad * (0.6 * lean + 0.4 * sway));
  pose.head_yaw =
      static_cast<float>(0.5 * pose.body_yaw + options.head_rad * Glance(seed, kHeadTurn, 1.9, time_s));
  pose.head_pitch = static_cast<float>(0.10 * Glance(seed, kHeadNod, 2.3, time_s) + 0.03 * talking);
  pose.head_roll = static_cast<float>(0.10 * wander(kHeadTilt, 3.9));
  pose.mouth = static_cast<float>(talking);
  pose.blink = static_cast<float>(Blinking(seed, time_s));
  return pose;
}

CallerPose PoseAt(const MotionOptions& options, uint64_t seed, double time_s) {
  CallerPose pose;
  if (options.script == MotionScript::kNone) {
    pose.y = -0.018F;
    pose.distance = options.distance_m;
    return pose;
  }
  pose = QuietPose(options, seed, time_s);
  switch (options.script) {
    case MotionScript::kNone:
      break;
    case MotionScript::kNatural:
      RaiseAnArm(options, seed, time_s, &pose);
      break;
    case MotionScript::kWalk:
      PlayWalk({1.6F, 0, std::min(1.25F, 1.4F * options.distance_m), 0.05F, true}, seed, time_s, &pose);
      break;
    case MotionScript::kInterview:
      PlayInterview(options, seed, time_s, &pose);
      break;
    case MotionScript::kStandUp:
      PlayStandUp(seed, time_s, &pose);
      break;
    case MotionScript::kWaveArm:
      PlayWaveArm(seed, time_s, &pose);
      break;
    case MotionScript::kWaveHand:
      PlayWaveHand(seed, time_s, &pose);
      break;
    case MotionScript::kTiltHead:
      PlayTiltHead(seed, time_s, &pose);
      break;
    case MotionScript::kTurnHead:
      PlayTurnHead(seed, time_s, &pose);
      break;
  }
  return pose;
}

CallerPose SecondPersonPoseAt(SecondPersonMotion motion, uint64_t seed, double time_s) {
  MotionOptions calm;
  calm.sway_m = 0.03F;
  calm.lean_rad = 0.05F;
  calm.distance_m = 1.12F;
  CallerPose pose = QuietPose(calm, seed, time_s);
  if (motion == SecondPersonMotion::kPassing) {
    PlayWalk({2.3F, 0.55F, 1.75F, 0.12F, false}, seed, time_s, &pose);
    return pose;
  }
  RowRandom random(seed, 0x2BE, kSway);
  pose.x += random.Uniform() < 0.5 ? -0.42F : 0.42F;
  pose.distance *= 1.25F;
  return pose;
}

}  // namespace peekproof::testbed
