// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// Side of the blocks that the guard sorts a frame into, in pixels.
inline constexpr int kBlockSide = 8;

/// Number of blocks that cover a frame; those at the right and the bottom may be cut.
inline cv::Size BlocksOf(cv::Size frame) {
  return {(frame.width + kBlockSide - 1) / kBlockSide, (frame.height + kBlockSide - 1) / kBlockSide};
}

/// The pixels of a block.
inline cv::Rect PixelsOf(cv::Point block, cv::Size frame) {
  const cv::Point corner = block * kBlockSide;
  return {corner.x, corner.y, std::min(kBlockSide, frame.width - corner.x),
          std::min(kBlockSide, frame.height - corner.y)};
}

/// The pixels or blocks at most `reach` away, as morphology takes them.
inline cv::Mat SquareOfReach(int reach) {
  return cv::Mat(2 * reach + 1, 2 * reach + 1, CV_8U, cv::Scalar(1));
}

}  // namespace peekproof::engines
