// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/animation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"

namespace peekproof::testbed {
namespace {

/// One independent movement per name; also the row of its random numbers.
enum Channel : uint64_t {
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
  kWave
};

double SmoothStep(double low, double high, double value) {
  const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

/// A slow wandering in [-1, 1]: three sines with seeded periods (around `period_s`) and phases.
double Wander(uint64_t seed, Channel channel, double period_s, double time_s) {
  RowRandom random(seed, 0x0A11, channel);
  constexpr double kWeights[3] = {0.58, 0.28, 0.14};
  double sum = 0;
  double period = period_s;
  for (const double weight : kWeights) {
    const double phase = random.Uniform(0, 2.0 * std::numbers::pi);
    sum += weight * std::sin(2.0 * std::numbers::pi * time_s / (period * random.Uniform(0.85, 1.15)) + phase);
    period *= 0.47;
  }
  return sum;
}

/// Looks held for a while and swift turns between them, in [-1, 1].
double Glance(uint64_t seed, Channel channel, double hold_s, double time_s) {
  const double slot = std::floor(time_s / hold_s);
  const auto target = [&](double number) {
    RowRandom random(seed, 0x61A + static_cast<uint64_t>(static_cast<int64_t>(number) + 16), channel);
    // Mostly at the screen, sometimes well away from it.
    const double aim = random.Uniform(-1.0, 1.0);
    return random.Uniform() < 0.45 ? 0.2 * aim : aim;
  };
  const double within = time_s / hold_s - slot;
  return target(slot - 1) + (target(slot) - target(slot - 1)) * SmoothStep(0.0, 0.42, within);
}

/// Opening of the mouth: syllables within phrases, with pauses.
double Talking(uint64_t seed, double time_s) {
  const double phrase = SmoothStep(-0.15, 0.25, Wander(seed, kPhrase, 4.6, time_s));
  RowRandom random(seed, 0x7A1, kSyllable);
  const double a = 2.0 * std::numbers::pi * (2.3 * time_s + random.Uniform());
  const double b = 2.0 * std::numbers::pi * (3.7 * time_s + random.Uniform());
  return phrase * std::clamp(0.42 + 0.36 * std::sin(a) + 0.30 * std::sin(b), 0.0, 1.0);
}

/// One blink of 0.16 s somewhere in each 3.4 s.
double Blinking(uint64_t seed, double time_s) {
  constexpr double kEvery = 3.4;
  constexpr double kHalf = 0.08;
  const double slot = std::floor(time_s / kEvery);
  RowRandom random(seed, static_cast<uint64_t>(static_cast<int64_t>(slot)), kBlink);
  const double middle = slot * kEvery + random.Uniform(0.3, kEvery - 0.3);
  return 1.0 - SmoothStep(0.3 * kHalf, kHalf, std::abs(time_s - middle));
}

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

CallerPose PoseAt(const MotionOptions& options, uint64_t seed, double time_s) {
  const auto wander = [&](Channel channel, double period_s) {
    return Wander(seed, channel, period_s, time_s);
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
  const Raised raised = ArmAt(options, seed, time_s);
  pose.arm_raise[raised.arm] = static_cast<float>(raised.amount);
  const double swing = std::sin(2.0 * std::numbers::pi * 1.4 * time_s + 0.7 * wander(kWave, 3.0));
  pose.wave[raised.arm] = static_cast<float>(0.28 * raised.amount * swing);
  return pose;
}

}  // namespace peekproof::testbed
