// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/animation_curves.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"

namespace peekproof::testbed {

double Wander(uint64_t seed, Movement movement, double period_s, double time_s) {
  RowRandom random(seed, 0x0A11, movement);
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

double Glance(uint64_t seed, Movement movement, double hold_s, double time_s) {
  const double slot = std::floor(time_s / hold_s);
  const auto target = [&](double number) {
    RowRandom random(seed, 0x61A + static_cast<uint64_t>(static_cast<int64_t>(number) + 16), movement);
    // Mostly at the screen, sometimes well away from it.
    const double aim = random.Uniform(-1.0, 1.0);
    return random.Uniform() < 0.45 ? 0.2 * aim : aim;
  };
  const double within = time_s / hold_s - slot;
  return target(slot - 1) + (target(slot) - target(slot - 1)) * SmoothStep(0.0, 0.42, within);
}

double Talking(uint64_t seed, double time_s) {
  const double phrase = SmoothStep(-0.15, 0.25, Wander(seed, kPhrase, 4.6, time_s));
  RowRandom random(seed, 0x7A1, kSyllable);
  const double a = 2.0 * std::numbers::pi * (2.3 * time_s + random.Uniform());
  const double b = 2.0 * std::numbers::pi * (3.7 * time_s + random.Uniform());
  return phrase * std::clamp(0.42 + 0.36 * std::sin(a) + 0.30 * std::sin(b), 0.0, 1.0);
}

double Blinking(uint64_t seed, double time_s) {
  constexpr double kEvery = 3.4;
  constexpr double kHalf = 0.08;
  const double slot = std::floor(time_s / kEvery);
  RowRandom random(seed, static_cast<uint64_t>(static_cast<int64_t>(slot)), kBlink);
  const double middle = slot * kEvery + random.Uniform(0.3, kEvery - 0.3);
  return 1.0 - SmoothStep(0.3 * kHalf, kHalf, std::abs(time_s - middle));
}

Episode EpisodeAt(uint64_t seed, Movement movement, const Rhythm& rhythm, double time_s) {
  const double slot = std::floor(time_s / rhythm.period_s);
  Episode episode{static_cast<int64_t>(slot), 0};
  const double spare = rhythm.period_s - 2.0 * rhythm.rise_s - rhythm.hold_s;
  const double begin = spare * (0.1 + 0.8 * Chance(seed, movement, episode.number));
  const double end = begin + rhythm.rise_s + rhythm.hold_s;
  const double within = time_s - slot * rhythm.period_s;
  episode.amount =
      SmoothStep(begin, begin + rhythm.rise_s, within) * (1.0 - SmoothStep(end, end + rhythm.rise_s, within));
  return episode;
}

double Chance(uint64_t seed, Movement movement, int64_t number) {
  // Far from the numbers that Wander, Glance and Talking draw with.
  RowRandom random(seed, 0xE900000000U + static_cast<uint64_t>(number), movement);
  return random.Uniform();
}

}  // namespace peekproof::testbed
