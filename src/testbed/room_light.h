// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "base/result.h"

// A caller that is filmed elsewhere stands out by light that is not the room's. This fits the light on them
// to what the room shows of its own.

namespace peekproof::testbed {

/// Mean linear blue, green, red of a room and of its halves.
struct RoomLight {
  std::array<float, 3> mean{};
  std::array<float, 3> left{};
  std::array<float, 3> right{};
};
RoomLight MeasureRoomLight(const cv::Mat3f& room_linear);

/// Mean colour of what a premultiplied drawing shows: linear blue, green, red of the caller, weighted by
/// alpha. Grey of 0.2 where there is nobody.
std::array<float, 3> MeanCallerColour(const cv::Mat4f& premultiplied);

struct LightOptions {
  float follow = 0;    ///< How far the caller takes on the room's colour and brightness, 0 to 1.
  float gradient = 0;  ///< How far the difference between the room's halves falls on them, 0 to 1.

  Result<void> Validate() const;
};

/// Factors on the caller's linear blue, green, red at a quarter and at three quarters of the picture's width.
struct LightGains {
  std::array<float, 3> left{1, 1, 1};
  std::array<float, 3> right{1, 1, 1};
};

/// Gains that take a caller of this mean colour towards a room's light: (room mean / caller's mean luminance)
/// to the power of `follow`, times (half's mean / room mean) to the power of `gradient`, each factor of the
/// product and the product itself within 0.5 to 2. A room whose mean is a grey as bright as the caller, both
/// halves alike, changes nothing. To be computed once for a call, so that light does not flicker.
LightGains FollowRoom(const RoomLight& room, const std::array<float, 3>& caller_mean,
                      const LightOptions& options);

/// Applies gains to a drawing, linearly across its middle half and constant beyond. Alpha stays.
void ApplyLight(const LightGains& gains, cv::Mat4f* premultiplied);

}  // namespace peekproof::testbed
