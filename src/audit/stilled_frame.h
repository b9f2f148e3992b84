// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <opencv2/core.hpp>

#include "audit/wallpaper_noise.h"
#include "image/mask.h"

namespace peekproof::audit {

/// A frame before a moving wallpaper as it would be before a still one, so that what is made for still
/// wallpapers holds: Y - (1 - alpha) (V_t - V), where V_t is what the wallpaper showed and V the still one.
/// Where alpha is the service's own, a mixture of room and V_t becomes the same mixture of room and V. What
/// codecs make of the wallpaper is taken away: V where Y differs from V_t by no more than the noise's limit,
/// all of the above from twice that on.
///
/// In      frame, shown (V_t), still (V): of one size, BGR 8-bit. alpha: of that size, in [0, 1].
/// Out     stilled: a buffer that is reused where it fits; not `frame`.
void StillFrame(const cv::Mat3b& frame, const cv::Mat3b& shown, const cv::Mat3b& still,
                const image::AlphaMask& alpha, const WallpaperNoise& noise, cv::Mat3b* stilled);

/// The same without a matte, for what looks at the background alone: V where the frame differs from V_t by no
/// more than the limit, the frame itself from twice that on, so that mixtures are left as they are.
cv::Mat3b StillBackground(const cv::Mat3b& frame, const cv::Mat3b& shown, const cv::Mat3b& still,
                          const WallpaperNoise& noise);

/// Of the channel that differs most, in [0, 255].
inline int LargestDifference(cv::Vec3b a, cv::Vec3b b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

}  // namespace peekproof::audit
