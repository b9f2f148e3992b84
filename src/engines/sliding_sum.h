// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

namespace peekproof::engines {

/// Sums over a window that slides along a row: windows[x] is the sum of values[x - radius .. x + radius],
/// what lies outside [0, count) left out. radius at least 0; Sum must hold the largest window.
template <typename Value, typename Sum>
void SlideSum(const Value* values, int count, int radius, Sum* windows) {
  Sum sum = 0;
  const int filled = std::min(radius, count);
  for (int x = 0; x < filled; ++x) sum += static_cast<Sum>(values[x]);
  const int full_from = std::min(radius + 1, count);
  const int full_to = std::max(full_from, count - radius);   // The first that gains none.
  const int grows_to = std::min(full_from, count - filled);  // Before this one windows only gain.
  int x = 0;
  for (; x < grows_to; ++x) {
    sum += static_cast<Sum>(values[x + radius]);
    windows[x] = sum;
  }
  for (; x < full_from; ++x) windows[x] = sum;
  for (; x < full_to; ++x) {
    sum += static_cast<Sum>(static_cast<Sum>(values[x + radius]) - static_cast<Sum>(values[x - radius - 1]));
    windows[x] = sum;
  }
  for (; x < count; ++x) {
    sum -= static_cast<Sum>(values[x - radius - 1]);
    windows[x] = sum;
  }
}

/// How many of the 2 * radius + 1 places around `i` lie in [0, size).
inline int WindowLength(int i, int size, int radius) {
  return std::min(i + radius, size - 1) - std::max(i - radius, 0) + 1;
}

}  // namespace peekproof::engines
