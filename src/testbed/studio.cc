// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/studio.h"

#include <array>
#include <utility>

#include "testbed/camera.h"
#include "testbed/make_foreground.h"
#include "testbed/open_room.h"

namespace peekproof::testbed {
namespace {

/// The size that is composed at.
cv::Size CanvasOf(const SceneOptions& options) {
  const auto scaled = [&](int side) {
    return cvRound(static_cast<float>(side) * options.camera.compose_scale);
  };
  return {scaled(options.size.width), scaled(options.size.height)};
}

}  // namespace

Studio::Studio(SceneOptions options, std::unique_ptr<Foreground> foreground, const Room& room)
    : options_(std::move(options)),
      foreground_(std::move(foreground)),
      room_linear_(LinearFromSrgb(room.bgr)),
      true_room_(TrueRoomPicture(room_linear_, options_.camera.compose_scale)),
      texts_(room.texts) {
  for (const RoomChange& change : options_.room_changes)
    changed_.push_back(Changed(changed_.empty() ? room_linear_ : changed_.back(), change));
}

const cv::Mat3f& Studio::RoomAt(double time_s) const {
  const cv::Mat3f* room = &room_linear_;
  for (size_t i = 0; i < changed_.size() && options_.room_changes[i].time_s <= time_s; ++i)
    room = &changed_[i];
  return *room;
}

Result<Studio> Studio::Create(const SceneOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto foreground,
                             MakeForeground(options.foreground, options.motion, options.seed));
  PEEKPROOF_ASSIGN_OR_RETURN(const Room room, OpenRoom(options.room, options.seed, CanvasOf(options)));
  Studio studio(options, std::move(foreground), room);
  PEEKPROOF_RETURN_IF_ERROR(studio.FitLight());
  return studio;
}

/// The light on the person is fitted once, so that it does not flicker: to the first moment, of some that
/// are tried, at which there is somebody.
Result<void> Studio::FitLight() {
  if (options_.light.follow == 0 && options_.light.gradient == 0) return {};
  constexpr double kLeastShare = 0.02;
  constexpr double kStep_s = 1.0;
  constexpr int kTries = 8;
  cv::Mat footage;
  cv::Mat4f drawn;
  PEEKPROOF_RETURN_IF_ERROR(foreground_->Fetch(0, &footage));
  for (int i = 0; i < kTries; ++i) {
    foreground_->Draw(footage, std::array{i * kStep_s}, options_.size, &drawn);
    if (cv::mean(drawn)[3] >= kLeastShare) break;
  }
  light_ = FollowRoom(MeasureRoomLight(room_linear_), MeanCallerColour(drawn), options_.light);
  return {};
}

Result<void> Studio::Fetch(int64_t frame, cv::Mat* footage) {
  return foreground_->Fetch(options_.TimeOf(frame), footage);
}

cv::Mat4f Studio::DrawPerson(const cv::Mat& footage, double time_s) const {
  cv::Mat4f drawn;
  foreground_->Draw(footage, ShutterTimes(options_.camera, time_s, options_.frame_rate), CanvasOf(options_),
                    &drawn);
  if (options_.light.follow > 0 || options_.light.gradient > 0) ApplyLight(light_, &drawn);
  return drawn;
}

void Studio::Shoot(int64_t frame, const cv::Mat& footage, cv::Mat3b* bgr, image::AlphaMask* caller) const {
  const double time_s = options_.TimeOf(frame);
  TakePicture(DrawPerson(footage, time_s), RoomAt(time_s), options_.camera, {options_.seed, frame, time_s},
              bgr, caller);
}

void Studio::ShootEmpty(int64_t frame, image::Frame* empty) const {
  empty->index = frame;
  empty->time_s = options_.TimeOf(frame);
  image::AlphaMask nobody;
  TakePicture({}, RoomAt(empty->time_s), options_.camera, {options_.seed, frame, empty->time_s}, &empty->bgr,
              &nobody);
}

}  // namespace peekproof::testbed
