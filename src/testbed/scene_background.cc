// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_background.h"

#include <utility>

#include "apply/open_background.h"
#include "testbed/wallpaper.h"

namespace peekproof::testbed {

SceneBackground::SceneBackground(std::unique_ptr<engines::Background> inner, cv::Size size, bool moves)
    : inner_(std::move(inner)), moves_(moves), drawn_(size, cv::Vec3b(0, 0, 0)) {}

Result<std::unique_ptr<SceneBackground>> SceneBackground::Open(const std::string& source,
                                                               const engines::EngineInfo& engine,
                                                               uint64_t seed, cv::Size size,
                                                               double frame_rate) {
  std::unique_ptr<engines::Background> inner;
  bool moves = false;
  if (const auto kind = WallpaperKindOf(source)) {
    inner = engines::MakePictureBackground(MakeWallpaper(*kind, seed, size), engines::Fit::kStretch);
  } else {
    apply::BackgroundOptions options;
    options.background = source;
    PEEKPROOF_ASSIGN_OR_RETURN(inner, apply::OpenBackground(options, engine, frame_rate));
    moves = apply::MovesByItself(options);
  }
  return std::unique_ptr<SceneBackground>(new SceneBackground(std::move(inner), size, moves));
}

Result<const cv::Mat3b*> SceneBackground::Draw(const engines::BackgroundView& view) {
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b* picture, inner_->Draw(view));
  if (moves_ || !has_drawn_) picture->copyTo(drawn_);
  has_drawn_ = true;
  return picture;
}

}  // namespace peekproof::testbed
