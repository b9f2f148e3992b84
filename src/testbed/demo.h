// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "testbed/scene.h"

namespace peekproof::testbed {

/// The call that `peekproof demo` makes and audits.
struct DemoOptions {
  uint64_t seed = 1;             ///< Of everything.
  double duration_s = 14;        ///< At least 1.
  double glitch_s = 9;           ///< When the engine drops out; beyond the end: never.
  int glitch_frames = 3;         ///< For how long; 0: never.
  std::string engine = "meet";   ///< Spec of the engine.
  int64_t bit_rate = 1'200'000;  ///< Of the video, bits per second.
};

/// The scene of these options: 1280 x 720 at 25 frames per second, H.264.
SceneOptions DemoScene(const DemoOptions& options);

/// Makes the call and its truth in `directory`; see GenerateScene.
Result<SceneTruth> MakeDemoCall(const DemoOptions& options, const std::string& directory,
                                ProgressSink* progress, std::stop_token stop);

}  // namespace peekproof::testbed
