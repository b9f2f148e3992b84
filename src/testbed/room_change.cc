// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/room_change.h"

#include <fmt/format.h>

namespace peekproof::testbed {

Result<void> CheckRoomChanges(const std::vector<RoomChange>& changes) {
  double before = 0;
  for (const RoomChange& change : changes) {
    if (!(change.time_s >= before && change.time_s <= 1e9))
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("room change at {} s; give times from 0 on in ascending order", change.time_s)};
    before = change.time_s;
    const cv::Rect2d& box = change.box;
    if (!(box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= 1 &&
          box.y + box.height <= 1))
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("room change in {}:{}:{}:{}; give a box within the picture, in shares of it",
                               box.x, box.y, box.width, box.height)};
  }
  return {};
}

cv::Mat3f Changed(const cv::Mat3f& room, const RoomChange& change) {
  const cv::Rect box =
      cv::Rect(cvRound(change.box.x * room.cols), cvRound(change.box.y * room.rows),
               cvRound(change.box.width * room.cols), cvRound(change.box.height * room.rows)) &
      cv::Rect({0, 0}, room.size());
  cv::Mat3f turned;
  cv::flip(room, turned, -1);
  cv::Mat3f changed = room.clone();
  turned(box).copyTo(changed(box));
  return changed;
}

}  // namespace peekproof::testbed
