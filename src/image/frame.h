// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::image {

/// A picture with its place in time.
struct Frame {
  cv::Mat3b bgr;      ///< H x W, BGR, 8-bit sRGB, full range.
  int64_t index = 0;  ///< Number of the frame in its stream, from 0, in presentation order.
  double time_s = 0;  ///< Presentation time in seconds from the start of the stream.
};

}  // namespace peekproof::image
