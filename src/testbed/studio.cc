// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/studio.h"

#include <algorithm>

namespace peekproof::testbed {

Studio::Studio(const SceneOptions& options)
    : options_(options), look_(options.look ? PresetLook(*options.look) : VariedLook(options.seed)) {
  const Room room = MakeRoom(options.seed, options.size);
  texts_ = room.texts;
  room_linear_ = LinearFromSrgb(room.bgr);
  true_room_ = TrueRoomPicture(room_linear_);
}

void Studio::Shoot(int64_t frame, cv::Mat3b* bgr, image::AlphaMask* caller) const {
  cv::Mat4f drawn;
  const double time_s = options_.TimeOf(frame);
  const int height = std::min(options_.render_height_px, options_.size.height);
  const int width =
      std::max(1, cvRound(static_cast<double>(height) * options_.size.width / options_.size.height));
  RenderCaller(look_, PoseAt(options_.motion, options_.seed, time_s), {width, height}, &drawn);
  TakePicture(drawn, room_linear_, options_.camera, {options_.seed, frame, time_s}, bgr, caller);
}

}  // namespace peekproof::testbed
