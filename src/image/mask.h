// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::image {

/// A matte: H x W float in [0, 1]. The name of a variable says what 1 means: `caller`, `leak`, `wallpaper`.
struct AlphaMask {
  cv::Mat1f values;
};

/// A decision: H x W, 0 or 255. The name of a variable says what 255 means.
struct BinaryMask {
  cv::Mat1b values;
};

/// 255 where `alpha` is strictly greater than `threshold`, else 0.
BinaryMask GreaterThan(const AlphaMask& alpha, float threshold);

/// Erosion with a square of side `size_px` (pixels outside count as set); size 0 or 1 changes nothing.
BinaryMask Erode(const BinaryMask& mask, int size_px);
/// Dilation with a square of side `size_px`.
BinaryMask Dilate(const BinaryMask& mask, int size_px);
/// Erosion, then dilation, both with a square of side `size_px`.
BinaryMask Open(const BinaryMask& mask, int size_px);

}  // namespace peekproof::image
