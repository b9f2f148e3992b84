// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>

namespace peekproof::attacks {

/// Hue 0 to 179, saturation and value 0 to 255: OpenCV's 8-bit HSV of a BGR colour, to the bit.
cv::Vec3b HsvOfBgr(const uint8_t* bgr);

/// A box of colours in HSV, both ends included.
struct HsvRange {
  cv::Vec3i low{0, 0, 0};
  cv::Vec3i high{179, 255, 255};

  bool Contains(cv::Vec3b hsv) const {
    for (int c = 0; c < 3; ++c) {
      if (hsv[c] < low[c] || hsv[c] > high[c]) return false;
    }
    return true;
  }
};

/// Clears the flags of the pixels whose colour lies in `range`; returns how many there were. n pixels.
int RemoveColours(const HsvRange& range, const uint8_t* bgr, int n, uint8_t* flags);

/// The caller's skin colour in one frame: among the pixels of `caller` (255) in the broad gate, the median of
/// each HSV channel, widened by `half_range`. None where no pixel of the caller passes the gate.
///
/// Source  Paper section 4.2 "Skin color detection", constants of its artifact. Differs: looks at every
///         `step`-th pixel of every `step`-th row; the median of an even number is the lower one.
std::optional<HsvRange> SkinRange(const cv::Mat3b& frame, const cv::Mat1b& caller, const HsvRange& gate,
                                  const cv::Vec3i& half_range, int step);

}  // namespace peekproof::attacks
