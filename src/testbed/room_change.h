// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "base/result.h"

namespace peekproof::testbed {

/// Something in the room changes and stays so: a chair is moved, a door opened.
struct RoomChange {
  double time_s = 0;
  cv::Rect2d box;  ///< In shares of the picture.
};

/// Errors  kInvalidArgument: times that do not ascend from 0 on, boxes that do not lie within the picture.
Result<void> CheckRoomChanges(const std::vector<RoomChange>& changes);

/// The room after a change: its box shows what lies opposite, across the middle of the picture, turned
/// upside down.
cv::Mat3f Changed(const cv::Mat3f& room, const RoomChange& change);

}  // namespace peekproof::testbed
