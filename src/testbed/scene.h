// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "engines/engine.h"
#include "image/frame.h"
#include "image/mask.h"
#include "testbed/scene_options.h"
#include "testbed/scene_truth.h"
#include "testbed/service.h"
#include "testbed/studio.h"

namespace peekproof::testbed {

/// One frame of a call and the truth about it.
struct SceneFrame {
  cv::Mat footage;           ///< What the foreground took from its file for the frame.
  image::Frame camera;       ///< What the camera saw.
  image::AlphaMask caller;   ///< The caller's exact share of each pixel.
  engines::Composite shown;  ///< What the other side sees, and the engine's alpha (1 in raw frames).
  bool raw = false;          ///< The engine was bypassed, or let the camera's frame through.
};

/// Makes the frames of a call, in memory: the test bed without files.
class Scene {
 public:
  /// Errors  kInvalidArgument (options, engine spec), and those of loading the engine's network.
  /// stop: ends waiting for a browser's engine.
  static Result<std::unique_ptr<Scene>> Create(const SceneOptions& options, const std::stop_token& stop = {});

  /// Makes the next frame into reused buffers; false after the last one. Not thread-safe.
  Result<bool> Next(SceneFrame* frame);

  /// The three steps of Next, for callers that run ahead. Fetch begins frame number `index` and takes what it
  /// needs from files, one frame after the other in order; Shoot fills camera and caller, in any order and
  /// from any thread; Pass sends the frame through the engine and fills the rest, again in order.
  Result<void> Fetch(int64_t index, SceneFrame* frame);
  void Shoot(SceneFrame* frame) const;
  Result<void> Pass(SceneFrame* frame);

  const SceneOptions& options() const { return options_; }
  const Studio& studio() const { return studio_; }
  /// The virtual background: as it was drawn for the frame that was passed last.
  const cv::Mat3b& wallpaper() const { return service_->wallpaper(); }
  bool wallpaper_moves() const { return service_->wallpaper_moves(); }
  /// What the service tells of itself, as one JSON object.
  std::string DescribeService() const { return service_->DescribeAsJson(); }

 private:
  Scene(SceneOptions options, Studio studio, std::unique_ptr<Service> service);

  SceneOptions options_;
  Studio studio_;
  std::unique_ptr<Service> service_;
  int64_t next_ = 0;
};

/// Makes a call and writes it with its truth (scene_truth.h tells the files) into `directory`, which is
/// created where it is not there. The same options give the same bytes on any number of threads.
///
/// progress: may be null; stage "scene". stop: ends early with kInterrupted; truth is written last, so a
/// folder without truth/scene.json is not a finished scene.
/// Errors  Scene::Create's, the engine's, kIo.
/// Cost    Memory bounded by the frame size.
Result<SceneTruth> GenerateScene(const SceneOptions& options, const std::string& directory,
                                 ProgressSink* progress, std::stop_token stop);

}  // namespace peekproof::testbed
