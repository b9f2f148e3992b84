// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/studio.h"

#include "testbed/procedural_foreground.h"

namespace peekproof::testbed {

Studio::Studio(const SceneOptions& options)
    : options_(options),
      foreground_(std::make_unique<ProceduralForeground>(
          options.look ? PresetLook(*options.look) : VariedLook(options.seed), options.motion, options.seed,
          options.render_height_px)) {
  const Room room = MakeRoom(options.seed, options.size);
  texts_ = room.texts;
  room_linear_ = LinearFromSrgb(room.bgr);
  true_room_ = TrueRoomPicture(room_linear_);
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
