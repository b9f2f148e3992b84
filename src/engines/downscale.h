// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// How a service brings a frame to its network's size. The whole frame is squeezed; the aspect is not kept.
enum class Downscale {
  kNearest,    ///< The source pixel under each target pixel's centre, as a GPU samples with NEAREST.
  kPixelated,  ///< The same, but where that centre lies between two source pixels, the one before: what
               ///< createImageBitmap does with resizeQuality 'pixelated' (seen in Chromium 156).
  kBilinear,   ///< Two by two source pixels around the centre, no low-pass: cv::resize's default, and what a
               ///< canvas does with its default smoothing.
};

/// In      frame: BGR, not empty. size: not empty.
/// Out     scaled: reused buffer; must not be `frame`.
void DownscaleFrame(const cv::Mat3b& frame, cv::Size size, Downscale method, cv::Mat3b* scaled);

/// Source index under the centre of target index `i`: floor((i + 1/2) source / target), in integers.
inline int CentreIndex(int i, int source, int target) {
  return static_cast<int>((2 * static_cast<int64_t>(i) + 1) * source / (2 * static_cast<int64_t>(target)));
}

}  // namespace peekproof::engines
