// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "attacks/colour_slots.h"

namespace peekproof::attacks {

/// The frequent exact colours of every pixel, in bounded memory and two looks at the same frames: the first
/// finds the colours that may be frequent (all that make up more than 1 / slots of the frames are among
/// them), the second counts them.
///
/// Memory  12 bytes a pixel and slot. Threads  Rows in parallel; the result does not depend on their number.
class FrequentColours {
 public:
  FrequentColours(cv::Size size, int slots);

  /// First look. bgr: of the size given.
  void Add(const cv::Mat3b& bgr);
  /// Second look: the same frames again, in the same order.
  void AddAgain(const cv::Mat3b& bgr);

  struct Mode {
    cv::Mat3b colour;  ///< Of equally frequent ones the one that came first.
    cv::Mat1b proven;  ///< 255 where no other colour can have come as often.
  };
  /// The most frequent colour. After the second look.
  Mode Finish() const;

  /// How many frames showed the colour at a pixel; 0 where it is not among the frequent ones. After the
  /// second look.
  uint32_t CountOf(int y, int x, const cv::Vec3b& bgr) const;
  uint32_t frames() const { return frames_again_; }

 private:
  void StartAgain();
  size_t IndexOf(int y, int x) const {
    return (static_cast<size_t>(y) * static_cast<size_t>(size_.width) + static_cast<size_t>(x)) * slot_count_;
  }

  cv::Size size_;
  size_t slot_count_;
  std::vector<ColourCount> slots_;  ///< Counts from above; exact ones from the second look on.
  std::vector<uint32_t> firsts_;    ///< Frame of the second look, from 1 on, that showed it first.
  cv::Mat_<int32_t> others_;        ///< How often at most a colour came that has no slot.
  uint32_t frames_again_ = 0;
};

}  // namespace peekproof::attacks
