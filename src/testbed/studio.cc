// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/studio.h"

#include <utility>

#include "testbed/make_foreground.h"
#include "testbed/open_room.h"

namespace peekproof::testbed {

Studio::Studio(SceneOptions options, std::unique_ptr<Foreground> foreground, const Room& room)
    : options_(std::move(options)),
      foreground_(std::move(foreground)),
      room_linear_(LinearFromSrgb(room.bgr)),
      true_room_(TrueRoomPicture(room_linear_)),
      texts_(room.texts) {}

Result<Studio> Studio::Create(const SceneOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto foreground,
                             MakeForeground(options.foreground, options.motion, options.seed));
  PEEKPROOF_ASSIGN_OR_RETURN(const Room room, OpenRoom(options.room, options.seed, options.size));
  return Studio(options, std::move(foreground), room);
}

Result<void> Studio::Fetch(int64_t frame, cv::Mat* footage) {
  return foreground_->Fetch(options_.TimeOf(frame), footage);
}

void Studio::Shoot(int64_t frame, const cv::Mat& footage, cv::Mat3b* bgr, image::AlphaMask* caller) const {
  cv::Mat4f drawn;
  const double time_s = options_.TimeOf(frame);
  foreground_->Draw(footage, time_s, options_.size, &drawn);
  TakePicture(drawn, room_linear_, options_.camera, {options_.seed, frame, time_s}, bgr, caller);
}

}  // namespace peekproof::testbed
