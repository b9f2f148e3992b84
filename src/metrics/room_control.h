// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "image/reconstruction.h"

namespace peekproof::metrics {

/// Shares of the painted pixels whose colour is right, at both limits of CIEDE2000.
struct RightShares {
  double at_4 = 0;
  double at_10 = 0;
};

/// Whether what was painted is the room, or colours that any room has.
struct RoomControl {
  RightShares room;      ///< Against the true room: precision.
  RightShares mirrored;  ///< Against it mirrored left to right: the same colours in other places.
  RightShares other;     ///< Against another room; 0 where none was given.
  /// Whether the share within 10 of the room is above 1.5 times, and by at least 0.03 above, what the better
  /// of the two controls has: below that a wrong room fits as well, and nothing was shown to be recovered.
  bool above_chance = false;
};

/// Landmarks: a good reconstruction has 0.4 against 0.1 mirrored and 0.05 of another room; copied pixels of
///         the caller have 0.05 against 0.04.
/// Misleads: a symmetric or plain room (a white wall) has its mirrored self in the right place, and is then
///         reported as chance though it was recovered.
/// other: of the same size, or empty. Aborts when the sizes differ. Nothing painted: all shares 0.
RoomControl CompareWithWrongRooms(const image::Reconstruction& painted, const cv::Mat3b& room,
                                  const cv::Mat3b& other);

}  // namespace peekproof::metrics
