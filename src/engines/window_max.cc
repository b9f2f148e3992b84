// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/window_max.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

constexpr int kLargestRadius = 64;

/// largest[x] = max(largest[x], other[x]); `other` may lie further on in the same array.
PEEKPROOF_VECTOR_CLONES void TakeLarger(const uint8_t* other, int count, uint8_t* largest) {
  for (int x = 0; x < count; ++x) largest[x] = std::max(largest[x], other[x]);
}

/// The same where both are one array: largest[x] = max(largest[x], largest[x + shift]).
void TakeLargerAhead(int shift, int count, uint8_t* row) {
  uint8_t ahead[256];
  for (int x = 0; x < count; x += 256) {
    const int part = std::min(256, count - x);
    std::memcpy(ahead, row + x + shift, static_cast<size_t>(part));
    TakeLarger(ahead, part, row + x);
  }
}

}  // namespace

void WindowMax(const cv::Mat1b& values, int radius_px, cv::Mat1b* largest) {
  PEEKPROOF_CHECK(radius_px >= 0 && radius_px <= kLargestRadius && values.data != largest->data, "radius {}",
                  radius_px);
  largest->create(values.size());
  const int side = 2 * radius_px + 1;
  const int width = values.cols;
  const auto rows = [&](int first, int end) {
    thread_local std::vector<uint8_t> padded;
    padded.assign(static_cast<size_t>(width + 2 * radius_px), uint8_t{0});
    for (int y = first; y < end; ++y) {
      std::fill(padded.begin(), padded.end(), uint8_t{0});
      const int last = std::min(values.rows - 1, y + radius_px);
      for (int row = std::max(0, y - radius_px); row <= last; ++row) {
        TakeLarger(values.ptr(row), width, padded.data() + radius_px);
      }
      // Windows double in length until two of them cover the whole one.
      int length = 1;
      for (; 2 * length <= side; length *= 2) {
        TakeLargerAhead(length, width + 2 * radius_px - 2 * length + 1, padded.data());
      }
      std::memcpy(largest->ptr(y), padded.data(), static_cast<size_t>(width));
      TakeLarger(padded.data() + side - length, width, largest->ptr(y));
    }
  };
  ParallelRows(values.rows, std::cref(rows));
}

}  // namespace peekproof::engines
