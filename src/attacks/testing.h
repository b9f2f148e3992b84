// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What several tests of this layer share.

#include <cstdint>
#include <opencv2/core.hpp>

#include "base/random.h"

namespace peekproof::attacks {

/// Adds normal noise of that many levels, rounded.
inline cv::Mat3b Noisy(const cv::Mat3b& picture, double levels, uint64_t frame) {
  cv::Mat3b noisy(picture.size());
  for (int y = 0; y < picture.rows; ++y) {
    RowRandom random(3, frame, static_cast<uint64_t>(y));
    for (int x = 0; x < picture.cols; ++x) {
      for (int c = 0; c < 3; ++c)
        noisy(y, x)[c] = cv::saturate_cast<uint8_t>(picture(y, x)[c] + levels * random.Normal());
    }
  }
  return noisy;
}

}  // namespace peekproof::attacks
