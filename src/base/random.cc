// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <cmath>
#include <numbers>

namespace peekproof {
namespace {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

RowRandom::RowRandom(uint64_t seed, uint64_t frame, uint64_t row)
    : state_(Mix(Mix(Mix(seed + kGolden) ^ (frame + kGolden)) ^ (row + kGolden))) {}

uint64_t RowRandom::Next() {
  state_ += kGolden;
  return Mix(state_);
}

double RowRandom::Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

double RowRandom::Uniform(double low, double high) { return low + (high - low) * Uniform(); }

double RowRandom::Normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

}  // namespace peekproof
