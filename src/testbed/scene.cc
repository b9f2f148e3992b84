// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene.h"

#include <utility>

#include "engines/profile.h"

namespace peekproof::testbed {

Scene::Scene(const SceneOptions& options, std::shared_ptr<OracleFeed> feed,
             std::unique_ptr<engines::Engine> engine)
    : options_(options),
      studio_(options),
      wallpaper_(MakeWallpaper(options.wallpaper, options.seed, options.size)),
      feed_(std::move(feed)),
      engine_(std::move(engine)) {}

Result<std::unique_ptr<Scene>> Scene::Create(const SceneOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  std::shared_ptr<OracleFeed> feed;
  std::unique_ptr<engines::Engine> engine;
  if (options.oracle) {
    feed = std::make_shared<OracleFeed>();
    const auto make_oracle = [&](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
      return std::unique_ptr<models::Segmenter>(new OracleSegmenter(*options.oracle, options.seed, feed));
    };
    PEEKPROOF_ASSIGN_OR_RETURN(auto profile, engines::MakeProfile(options.engine, make_oracle));
    engine = engines::EngineOf(std::move(profile));
  } else {
    PEEKPROOF_ASSIGN_OR_RETURN(engine, engines::MakeEngine(options.engine));
  }
  return std::unique_ptr<Scene>(new Scene(options, std::move(feed), std::move(engine)));
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
  if (feed_) feed_->Show(frame->caller, index);
  if (frame->raw) {
    frame->camera.bgr.copyTo(frame->shown.bgr);
    frame->shown.alpha.values.create(options_.size);
    frame->shown.alpha.values.setTo(1.0F);
    frame->shown.shown = engines::Shown::kRaw;
    return {};
  }
  if (index > 0 && options_.IsRaw(index - 1)) engine_->Reset();
  PEEKPROOF_RETURN_IF_ERROR(engine_->Process(frame->camera, wallpaper_, &frame->shown));
  // What the service shows where its network fails is wanted only where the options ask for it.
  if (frame->shown.failure.empty() || frame->shown.failure == engines::kMadeFailure) return {};
  return Error{ErrorCode::kInternal, frame->shown.failure};
}

}  // namespace peekproof::testbed
