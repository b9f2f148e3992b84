// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene.h"

#include <utility>

namespace peekproof::testbed {

Scene::Scene(SceneOptions options, Studio studio, std::unique_ptr<Service> service)
    : options_(std::move(options)), studio_(std::move(studio)), service_(std::move(service)) {}

Result<std::unique_ptr<Scene>> Scene::Create(const SceneOptions& options, const std::stop_token& stop) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(auto service, MakeService(options, stop));
  PEEKPROOF_ASSIGN_OR_RETURN(Studio studio, Studio::Create(options));
  image::Frame empty;
  for (int64_t frame = -options.setup_frames; frame < 0; ++frame) {
    studio.ShootEmpty(frame, &empty);
    PEEKPROOF_RETURN_IF_ERROR(service->LearnRoom(empty));
  }
  return std::unique_ptr<Scene>(new Scene(options, std::move(studio), std::move(service)));
}

Result<bool> Scene::Next(SceneFrame* frame) {
  if (next_ >= options_.frames) return false;
  PEEKPROOF_RETURN_IF_ERROR(Fetch(next_++, frame));
  Shoot(frame);
  PEEKPROOF_RETURN_IF_ERROR(Pass(frame));
  return true;
}

Result<void> Scene::Fetch(int64_t index, SceneFrame* frame) {
  frame->camera.index = index;
  frame->camera.time_s = options_.TimeOf(index);
  frame->raw = options_.IsRaw(index);
  return studio_.Fetch(index, &frame->footage);
}

void Scene::Shoot(SceneFrame* frame) const {
  studio_.Shoot(frame->camera.index, frame->footage, &frame->camera.bgr, &frame->caller);
}

Result<void> Scene::Pass(SceneFrame* frame) {
  const int64_t index = frame->camera.index;
  if (frame->raw) {
    frame->camera.bgr.copyTo(frame->shown.bgr);
    frame->shown.alpha.values.create(options_.size);
    frame->shown.alpha.values.setTo(1.0F);
    frame->shown.shown = engines::Shown::kRaw;
    return {};
  }
  if (index > 0 && options_.IsRaw(index - 1)) service_->Reset();
  PEEKPROOF_RETURN_IF_ERROR(service_->Process(frame->camera, frame->caller, &frame->shown));
  frame->raw = frame->shown.shown == engines::Shown::kRaw;
  return {};
}

}  // namespace peekproof::testbed
