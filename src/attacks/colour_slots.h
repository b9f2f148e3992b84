// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>

namespace peekproof::attacks {

/// A colour as one number: blue, green and red in its bytes.
inline uint32_t PackColour(const cv::Vec3b& bgr) {
  return static_cast<uint32_t>(bgr[0]) | static_cast<uint32_t>(bgr[1]) << 8 |
         static_cast<uint32_t>(bgr[2]) << 16;
}
inline cv::Vec3b UnpackColour(uint32_t packed) {
  return {static_cast<uint8_t>(packed), static_cast<uint8_t>(packed >> 8),
          static_cast<uint8_t>(packed >> 16)};
}

/// A colour of one pixel and how often it was seen there.
struct ColourCount {
  uint32_t colour = 0;
  uint32_t count = 0;  ///< 0: the slot is free.
};

/// Counts a colour among the frequent ones of a pixel by Space-Saving (Metwally, Agrawal, El Abbadi 2005):
/// after n colours every one that came more than n / slots times is among the slots, and none that is not
/// came more often than the lowest count.
inline void CountFrequent(uint32_t colour, std::span<ColourCount> slots) {
  ColourCount* lowest = slots.data();
  for (ColourCount& slot : slots) {
    if (slot.count > 0 && slot.colour == colour) {
      ++slot.count;
      return;
    }
    if (slot.count < lowest->count) lowest = &slot;
  }
  *lowest = {colour, lowest->count + 1};
}

/// A colour of one pixel and the last frame that showed it.
struct ColourSight {
  uint32_t colour = 0;
  uint32_t frame = 0;  ///< From 1 on; 0: the slot is free.
};

/// Remembers the colours of a pixel that were seen last, the latest first. Returns whether one was forgotten.
inline bool Remember(uint32_t colour, uint32_t frame, std::span<ColourSight> sights) {
  size_t place = 0;
  while (place + 1 < sights.size() && sights[place].frame != 0 && sights[place].colour != colour) ++place;
  const bool forgotten = sights[place].frame != 0 && sights[place].colour != colour;
  std::move_backward(sights.begin(), sights.begin() + static_cast<std::ptrdiff_t>(place),
                     sights.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  sights.front() = {colour, frame};
  return forgotten;
}

}  // namespace peekproof::attacks
