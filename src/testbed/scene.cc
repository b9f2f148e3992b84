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
  frame->camera.index = next_;
  frame->camera.time_s = options_.TimeOf(next_);
  studio_.Shoot(next_, &frame->camera.bgr, &frame->caller);
  if (feed_) feed_->Show(frame->caller, next_);
  const bool was_raw = next_ > 0 && options_.IsRaw(next_ - 1);
  frame->raw = options_.IsRaw(next_);
  if (frame->raw) {
    frame->camera.bgr.copyTo(frame->shown.bgr);
    frame->shown.alpha.values.create(options_.size);
    frame->shown.alpha.values.setTo(1.0F);
  } else {
    if (was_raw) engine_->Reset();
    PEEKPROOF_RETURN_IF_ERROR(engine_->Process(frame->camera, wallpaper_, &frame->shown));
  }
  ++next_;
  return true;
}

}  // namespace peekproof::testbed
