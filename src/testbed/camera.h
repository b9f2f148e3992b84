// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "base/result.h"
#include "image/mask.h"

namespace peekproof::testbed {

/// A webcam.
struct CameraOptions {
  float noise_sigma = 1.8F;      ///< Of the sensor's noise, in steps of 8 bits; 0 to 20.
  float exposure_drift = 0.01F;  ///< Slow wandering of the exposure, relative; 0 to 0.2.
  float drift_period_s = 9.0F;   ///< Of that wandering.

  Result<void> Validate() const;
};

/// 8-bit sRGB as linear light in [0, 1], same channel order.
cv::Mat3f LinearFromSrgb(const cv::Mat3b& bgr);

/// Where a shot belongs in its call: drives noise and exposure.
struct ShotTime {
  uint64_t seed = 0;
  int64_t frame = 0;
  double time_s = 0;
};

/// Takes a picture of the caller before the room: scales the caller to the room's size (bilinear), lays it
/// over the room in linear light, blurs both and the matte by 0.22, 0.56, 0.22 along rows and columns, then
/// exposure, a soft knee above 0.7, the sRGB curve and noise (nearly normal: a sum of three uniform values).
///
/// In      caller: premultiplied linear blue, green, red and alpha, any size; empty: nobody there.
///         room: H x W linear blue, green, red in [0, 1].
/// Out     bgr: H x W. matte: the caller's exact share of each pixel before noise; 0 where nobody is.
/// Threads Rows in parallel; output depends on neither thread count nor call order.
void TakePicture(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
                 const ShotTime& time, cv::Mat3b* bgr, image::AlphaMask* matte);

/// What the camera would show of the room with nobody there, without noise and drift: the true room.
cv::Mat3b TrueRoomPicture(const cv::Mat3f& room);

}  // namespace peekproof::testbed
