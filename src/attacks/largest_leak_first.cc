// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/largest_leak_first.h"

#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

constexpr int kAgreement = 12;

bool Agrees(cv::Vec3b a, cv::Vec3b b) {
  return std::abs(a[0] - b[0]) <= kAgreement && std::abs(a[1] - b[1]) <= kAgreement &&
         std::abs(a[2] - b[2]) <= kAgreement;
}

uint16_t Incremented(uint16_t count) {
  return count == std::numeric_limits<uint16_t>::max() ? count : static_cast<uint16_t>(count + 1);
}

}  // namespace

LargestLeakFirst::LargestLeakFirst(cv::Size size)
    : room_(image::Reconstruction::Absent(size)), leak_px_(size, 0), agreeing_(size, uint16_t{0}) {}

void LargestLeakFirst::Add(const FrameEvidence& evidence) {
  PEEKPROOF_CHECK(evidence.leak.values.size() == room_.size(), "evidence of another size");
  if (evidence.leak_px == 0) return;
  ParallelRows(room_.bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      const uint8_t* leak = evidence.leak.values.ptr(y);
      int x = 0;
      for (; x + 8 <= room_.bgr.cols; x += 8) {
        uint64_t eight = 0;
        std::memcpy(&eight, leak + x, sizeof(eight));
        if (eight == 0) continue;
        for (int i = x; i < x + 8; ++i) {
          if (leak[i] != 0) AddPixel(evidence, y, i);
        }
      }
      for (; x < room_.bgr.cols; ++x) {
        if (leak[x] != 0) AddPixel(evidence, y, x);
      }
    }
  });
}

void LargestLeakFirst::AddPixel(const FrameEvidence& evidence, int y, int x) {
  const auto time_s = static_cast<float>(evidence.frame.time_s);
  const auto leak_px = static_cast<int>(evidence.leak_px);
  const cv::Vec3b colour = evidence.frame.bgr(y, x);
  if (room_.evidence(y, x) == 0) room_.first_seen_s(y, x) = time_s;
  room_.last_seen_s(y, x) = time_s;
  room_.evidence(y, x) = Incremented(room_.evidence(y, x));
  if (leak_px > leak_px_(y, x)) {
    if (!Agrees(colour, room_.bgr(y, x))) agreeing_(y, x) = 0;
    leak_px_(y, x) = leak_px;
    room_.bgr(y, x) = colour;
  }
  if (Agrees(colour, room_.bgr(y, x))) agreeing_(y, x) = Incremented(agreeing_(y, x));
}

image::Reconstruction LargestLeakFirst::Finish() {
  image::Reconstruction result;
  result.bgr = room_.bgr.clone();
  result.evidence = room_.evidence.clone();
  result.first_seen_s = room_.first_seen_s.clone();
  result.last_seen_s = room_.last_seen_s.clone();
  result.confidence = cv::Mat1f(room_.size(), 0.0F);
  for (int y = 0; y < room_.bgr.rows; ++y) {
    for (int x = 0; x < room_.bgr.cols; ++x) {
      if (room_.evidence(y, x) == 0) continue;
      result.confidence(y, x) =
          static_cast<float>(agreeing_(y, x)) / (static_cast<float>(room_.evidence(y, x)) + 1.0F);
    }
  }
  return result;
}

}  // namespace peekproof::attacks
