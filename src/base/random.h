// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace peekproof {

/// Seeded random numbers that depend on (seed, frame, row) only, never on threads: a generator per row.
///
/// SplitMix64 over a hash of the key (Steele, Lea and Flood 2014). Not for cryptography.
class RowRandom {
 public:
  RowRandom(uint64_t seed, uint64_t frame, uint64_t row);

  /// Uniform over all 64-bit values.
  uint64_t Next();
  /// Uniform in [0, 1).
  double Uniform();
  /// Uniform in [low, high).
  double Uniform(double low, double high);
  /// Standard normal, by Box-Muller.
  double Normal();

 private:
  uint64_t state_;
};

}  // namespace peekproof
