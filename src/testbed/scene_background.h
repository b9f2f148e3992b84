// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "engines/background.h"
#include "engines/engine.h"

namespace peekproof::testbed {

/// The virtual background of a scene, which remembers what it drew last: the truth about it.
class SceneBackground : public engines::Background {
 public:
  /// source: "beach", "mountains" or "office" (MakeWallpaper of the seed and size), or whatever
  /// apply::BackgroundOptions takes: a picture or video file, a colour, a blur.
  /// Errors  kInvalidArgument (neither), those of reading files.
  static Result<std::unique_ptr<SceneBackground>> Open(const std::string& source,
                                                       const engines::EngineInfo& engine, uint64_t seed,
                                                       cv::Size size, double frame_rate);

  Result<const cv::Mat3b*> Draw(const engines::BackgroundView& view) override;
  bool shows_room() const override { return inner_->shows_room(); }
  void Reset() override { inner_->Reset(); }
  Diagnostics diagnostics() const override { return inner_->diagnostics(); }

  /// Whether it is another picture from frame to frame: a video, or the room blurred.
  bool moves() const { return moves_; }
  /// What was drawn last, as it was; black before the first time.
  const cv::Mat3b& drawn() const { return drawn_; }

 private:
  SceneBackground(std::unique_ptr<engines::Background> inner, cv::Size size, bool moves);

  std::unique_ptr<engines::Background> inner_;
  bool moves_;
  bool has_drawn_ = false;
  cv::Mat3b drawn_;
};

}  // namespace peekproof::testbed
