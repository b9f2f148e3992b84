// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/frequent_colours.h"

#include <algorithm>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {

FrequentColours::FrequentColours(cv::Size size, int slots)
    : size_(size),
      slot_count_(static_cast<size_t>(slots)),
      slots_(static_cast<size_t>(size.area()) * slot_count_) {}

void FrequentColours::Add(const cv::Mat3b& bgr) {
  PEEKPROOF_CHECK(bgr.size() == size_, "frames of different sizes");
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      for (int x = 0; x < bgr.cols; ++x)
        CountFrequent(PackColour(bgr(y, x)), std::span(&slots_[IndexOf(y, x)], slot_count_));
  });
}

void FrequentColours::AddAgain(const cv::Mat3b& bgr) {
  PEEKPROOF_CHECK(bgr.size() == size_, "frames of different sizes");
  if (firsts_.empty()) StartAgain();
  ++frames_again_;
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        const uint32_t colour = PackColour(bgr(y, x));
        const size_t end = IndexOf(y, x) + slot_count_;
        size_t i = end - slot_count_;
        while (i < end && slots_[i].colour != colour) ++i;
        if (i == end) continue;
        if (slots_[i].count++ == 0) firsts_[i] = frames_again_;
      }
    }
  });
}

void FrequentColours::StartAgain() {
  constexpr uint32_t kNoColour = 0xFFFFFFFF;
  firsts_.resize(slots_.size());
  others_.create(size_);
  for (int y = 0; y < size_.height; ++y) {
    for (int x = 0; x < size_.width; ++x) {
      const std::span slots(&slots_[IndexOf(y, x)], slot_count_);
      uint32_t lowest = slots.front().count;
      for (ColourCount& slot : slots) {
        lowest = std::min(lowest, slot.count);
        if (slot.count == 0) slot.colour = kNoColour;
        slot.count = 0;
      }
      others_(y, x) = static_cast<int32_t>(lowest);
    }
  }
}

FrequentColours::Mode FrequentColours::Finish() const {
  PEEKPROOF_CHECK(!firsts_.empty(), "no second look");
  Mode mode{cv::Mat3b(size_), cv::Mat1b(size_)};
  for (int y = 0; y < size_.height; ++y) {
    for (int x = 0; x < size_.width; ++x) {
      const size_t base = IndexOf(y, x);
      size_t best = base;
      for (size_t i = base; i < base + slot_count_; ++i) {
        const bool as_often = slots_[i].count > 0 && slots_[i].count == slots_[best].count;
        if (slots_[i].count > slots_[best].count || (as_often && firsts_[i] < firsts_[best])) best = i;
      }
      mode.colour(y, x) = UnpackColour(slots_[best].colour);
      mode.proven(y, x) = static_cast<int32_t>(slots_[best].count) > others_(y, x) ? 255 : 0;
    }
  }
  return mode;
}

uint32_t FrequentColours::CountOf(int y, int x, const cv::Vec3b& bgr) const {
  const uint32_t colour = PackColour(bgr);
  const size_t base = IndexOf(y, x);
  for (size_t i = base; i < base + slot_count_; ++i)
    if (slots_[i].colour == colour) return slots_[i].count;
  return 0;
}

}  // namespace peekproof::attacks
