// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/demo.h"

#include <fmt/format.h>

#include <cmath>

namespace peekproof::testbed {

SceneOptions DemoScene(const DemoOptions& options) {
  SceneOptions scene;
  scene.seed = options.seed;
  scene.frames = static_cast<int>(std::lround(options.duration_s * scene.frame_rate));
  scene.engine = options.engine;
  scene.channel.bit_rate = options.bit_rate;
  scene.write_frames = false;
  if (options.glitch_frames > 0 && options.glitch_s < options.duration_s)
    scene.raw.push_back({options.glitch_s, options.glitch_frames});
  return scene;
}

Result<SceneTruth> MakeDemoCall(const DemoOptions& options, const std::string& directory,
                                ProgressSink* progress, std::stop_token stop) {
  constexpr double kShortest = 1;
  constexpr double kLongest = 24 * 3600;
  if (!(options.duration_s >= kShortest && options.duration_s <= kLongest))
    return Error{ErrorCode::kInvalidArgument, fmt::format("demo of {} s is out of range; give {} to {}",
                                                          options.duration_s, kShortest, kLongest)};
  return GenerateScene(DemoScene(options), directory, progress, stop);
}

}  // namespace peekproof::testbed
