// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/room_control.h"

#include <algorithm>

#include "base/check.h"
#include "image/ciede2000.h"

namespace peekproof::metrics {
namespace {

RightShares SharesOf(const image::Reconstruction& painted, const cv::Mat3b& room) {
  const cv::Mat1f difference = image::Ciede2000Map(painted.bgr, room);
  const cv::Mat1b present = painted.Present();
  const int count = cv::countNonZero(present);
  if (count == 0) return {};
  const auto share = [&](float limit) {
    return static_cast<double>(cv::countNonZero((difference < limit) & present)) / count;
  };
  return {share(4.0F), share(10.0F)};
}

}  // namespace

RoomControl CompareWithWrongRooms(const image::Reconstruction& painted, const cv::Mat3b& room,
                                  const cv::Mat3b& other) {
  constexpr double kTimes = 1.5;
  constexpr double kMargin = 0.03;
  PEEKPROOF_CHECK(painted.size() == room.size() && (other.empty() || other.size() == room.size()),
                  "rooms of other sizes than the reconstruction");
  RoomControl control;
  control.room = SharesOf(painted, room);
  cv::Mat3b mirrored;
  cv::flip(room, mirrored, 1);
  control.mirrored = SharesOf(painted, mirrored);
  if (!other.empty()) control.other = SharesOf(painted, other);
  const double chance = std::max(control.mirrored.at_10, control.other.at_10);
  control.above_chance = control.room.at_10 > kTimes * chance && control.room.at_10 >= chance + kMargin;
  return control;
}

}  // namespace peekproof::metrics
