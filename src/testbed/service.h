// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "engines/engine.h"
#include "image/frame.h"
#include "image/mask.h"
#include "testbed/scene_options.h"

namespace peekproof::testbed {

/// What stands between a scene's camera and its call: a virtual background. Frames come in order; one thread.
class Service {
 public:
  virtual ~Service() = default;

  /// In      caller: the true matte, which only an oracle looks at.
  /// Out     shown: as engines::Engine::Process.
  /// Errors  the engine's, also where its network fails without having been asked to.
  virtual Result<void> Process(const image::Frame& camera, const image::AlphaMask& caller,
                               engines::Composite* shown) = 0;
  /// A set-up shot of the empty room, before the call. Errors  as engines::Engine::LearnRoom.
  virtual Result<void> LearnRoom(const image::Frame& /*camera*/) { return {}; }
  /// Begins afresh, as behind an interruption.
  virtual void Reset() = 0;

  /// The virtual background as it was drawn last; black before the first time.
  virtual const cv::Mat3b& wallpaper() const = 0;
  /// Whether it is another picture from frame to frame.
  virtual bool wallpaper_moves() const = 0;
  /// What a truth file should tell beside the options, as one JSON object.
  virtual std::string DescribeAsJson() const = 0;
};

/// The options' engine, ours or a browser's, with their background, and with an oracle in place of the
/// engine's network if asked for. stop: ends waiting for a browser.
/// Errors  kInvalidArgument (engine or background spec), those of loading networks and files.
Result<std::unique_ptr<Service>> MakeService(const SceneOptions& options, const std::stop_token& stop);

}  // namespace peekproof::testbed
