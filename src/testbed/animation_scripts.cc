// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/animation_scripts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "testbed/animation_curves.h"

namespace peekproof::testbed {
namespace {

double Swing(double hertz, double time_s) { return std::sin(2.0 * std::numbers::pi * hertz * time_s); }

/// Alternates from period to period; the seed says which way first.
double AlternatingSide(uint64_t seed, int64_t number) {
  const bool first = Chance(seed, kDirection, 0) < 0.5;
  return (number % 2 == 0) == first ? 1.0 : -1.0;
}

/// One of the two arms for each period.
int ArmOf(uint64_t seed, int64_t number) { return Chance(seed, kGesture, number) < 0.5 ? 0 : 1; }

void Scale(double factor, float* value) { *value = static_cast<float>(factor * static_cast<double>(*value)); }
void Add(double amount, float* value) { *value = static_cast<float>(static_cast<double>(*value) + amount); }

double WalkSide(uint64_t seed, int64_t number) { return Chance(seed, kDirection, number) < 0.5 ? -1.0 : 1.0; }

}  // namespace

void PlayInterview(const MotionOptions& options, uint64_t seed, double time_s, CallerPose* pose) {
  const Episode lean = EpisodeAt(seed, kEpisode, {13.0, 1.4, 4.0}, time_s);
  pose->distance =
      static_cast<float>(static_cast<double>(options.distance_m) *
                         (1.0 + 0.05 * Wander(seed, kApproach, 11.0, time_s)) * (1.0 - 0.05 * lean.amount));
  const Episode nod = EpisodeAt(seed, kNod, {4.3, 0.35, 0.9}, time_s);
  Add(0.09 * nod.amount * Swing(1.7, time_s), &pose->head_pitch);
  // While the other one talks, the mouth rests.
  Scale(1.0 - nod.amount, &pose->mouth);
  const Episode thought = EpisodeAt(seed, kThought, {9.0, 0.5, 1.3}, time_s);
  const double aside = Chance(seed, kThought, -1 - thought.number) < 0.5 ? -0.35 : 0.35;
  Scale(1.0 - 0.7 * thought.amount, &pose->head_yaw);
  Add(aside * thought.amount, &pose->head_yaw);
  Add(-0.10 * thought.amount, &pose->head_pitch);
  const Episode gesture = EpisodeAt(seed, kGesture, {6.5, 0.7, 2.4}, time_s);
  const double hands = Chance(seed, kArm, gesture.number);
  for (int arm = 0; arm < 2; ++arm) {
    const bool takes_part = hands < 0.4 || (hands < 0.7) == (arm == 0);
    if (!takes_part) continue;
    const double beat = Wander(seed + static_cast<uint64_t>(arm), kWave, 1.1, time_s);
    pose->arm_raise[arm] = static_cast<float>(gesture.amount * (0.66 + 0.10 * beat));
    pose->wave[arm] = static_cast<float>(0.28 * gesture.amount *
                                         Wander(seed + static_cast<uint64_t>(arm), kArm, 1.4, time_s));
  }
}

void PlayStandUp(uint64_t seed, double time_s, CallerPose* pose) {
  const Episode up = EpisodeAt(seed, kEpisode, {8.0, 1.5, 1.6}, time_s);
  Add(0.44 * up.amount, &pose->y);
  Add(0.10 * up.amount, &pose->distance);
  // Bowing forward on the way.
  const double bow = 4.0 * up.amount * (1.0 - up.amount);
  Add(0.30 * bow, &pose->body_pitch);
  Add(0.12 * bow, &pose->head_pitch);
  pose->arm_raise[0] = pose->arm_raise[1] = static_cast<float>(-up.amount);
}

void PlayWaveArm(uint64_t seed, double time_s, CallerPose* pose) {
  const Episode wave = EpisodeAt(seed, kEpisode, {6.5, 0.9, 3.6}, time_s);
  const int arm = ArmOf(seed, wave.number);
  // A little further off, so that most of the arm is in the picture.
  pose->distance = std::min(1.25F, 1.2F * pose->distance);
  Add((arm == 0 ? 0.14 : -0.14) * wave.amount, &pose->x);
  pose->arm_raise[arm] = pose->stretch[arm] = static_cast<float>(wave.amount);
  pose->wave[arm] = static_cast<float>(wave.amount * Swing(0.8, time_s));
}

void PlayWaveHand(uint64_t seed, double time_s, CallerPose* pose) {
  const Episode wave = EpisodeAt(seed, kEpisode, {5.0, 0.7, 2.6}, time_s);
  const int arm = ArmOf(seed, wave.number);
  pose->arm_raise[arm] = static_cast<float>(wave.amount);
  pose->wave[arm] = static_cast<float>(0.38 * wave.amount * Swing(2.0, time_s));
}

void PlayTiltHead(uint64_t seed, double time_s, CallerPose* pose) {
  const Episode tilt = EpisodeAt(seed, kEpisode, {3.2, 0.6, 0.8}, time_s);
  const double angle = 0.40 + 0.08 * Chance(seed, kHeadTilt, tilt.number);
  Scale(0.2, &pose->head_roll);
  Scale(0.3, &pose->head_yaw);
  Add(AlternatingSide(seed, tilt.number) * angle * tilt.amount, &pose->head_roll);
}

void PlayTurnHead(uint64_t seed, double time_s, CallerPose* pose) {
  const Episode turn = EpisodeAt(seed, kEpisode, {3.6, 0.7, 0.9}, time_s);
  const double angle = 0.98 + 0.10 * Chance(seed, kHeadTurn, turn.number);
  const double side = AlternatingSide(seed, turn.number);
  Scale(0.3 * (1.0 - turn.amount), &pose->head_yaw);
  Add(side * angle * turn.amount, &pose->head_yaw);
  Add(side * 0.15 * turn.amount, &pose->body_yaw);
}

void PlayWalk(const WalkPlan& plan, uint64_t seed, double time_s, CallerPose* pose) {
  constexpr double kPeriod = 14.0;
  constexpr double kEnter = 0.9;
  constexpr double kLeave = 10.0;
  constexpr double kWay = 2.4;
  constexpr double kSitting = 0.9;
  const auto number = static_cast<int64_t>(std::floor(time_s / kPeriod));
  const double within = time_s - static_cast<double>(number) * kPeriod;
  // They come back from where they went.
  const double from = WalkSide(seed, number - 1);
  const double to = WalkSide(seed, number);
  const double in = SmoothStep(kEnter, kEnter + kWay, within);
  const double out = SmoothStep(kLeave, kLeave + kWay, within);
  const double arrived = SmoothStep(kEnter + 0.8 * kWay, kEnter + kWay + kSitting, within) *
                         (1.0 - SmoothStep(kLeave - kSitting, kLeave + 0.2 * kWay, within));
  const double stay = (Chance(seed, kDirection, -7) < 0.5 ? -1.0 : 1.0) * static_cast<double>(plan.stay_x);
  const double outside = static_cast<double>(plan.outside_x);
  Add(from * outside * (1.0 - in) + to * outside * out + stay * in * (1.0 - out), &pose->x);
  if (plan.sits) {
    Add((1.0 - arrived) * static_cast<double>(plan.distance - pose->distance), &pose->distance);
    Add((1.0 - arrived) * static_cast<double>(plan.standing_y - pose->y), &pose->y);
  } else {
    pose->distance = plan.distance;
    pose->y = plan.standing_y;
  }
  pose->arm_raise[0] = pose->arm_raise[1] = static_cast<float>(plan.sits ? arrived - 1.0 : -1.0);
  const double walking = 4.0 * (in * (1.0 - in) + out * (1.0 - out));
  const double step = Swing(0.9, time_s);
  Add(0.016 * walking * (step * step - 0.5), &pose->y);
  // They face where they go; outside the picture they turn round.
  constexpr double kAside = 1.2;
  const double facing_out = from * (1.0 - 2.0 * SmoothStep(0.0, 0.7 * kEnter, within));
  const double heading = facing_out * (1.0 - SmoothStep(kEnter + 0.6 * kWay, kEnter + kWay, within)) +
                         to * SmoothStep(kLeave, kLeave + 0.3 * kWay, within);
  Add(kAside * heading, &pose->body_yaw);
  Scale(arrived, &pose->head_yaw);
  Add(0.8 * kAside * heading, &pose->head_yaw);
}

}  // namespace peekproof::testbed
