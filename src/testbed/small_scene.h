// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/scene_options.h"

// What tests of scenes share.

namespace peekproof::testbed {

/// A small call that needs no network, with two raw frames.
inline SceneOptions SmallScene() {
  SceneOptions options;
  options.seed = 5;
  options.size = {192, 108};
  options.frames = 24;
  options.frame_rate = 8;
  options.foreground.look = 1;
  options.engine = "mediapipe";
  options.use_oracle = true;
  options.write_frames = false;
  options.raw = {{1.0, 2}};
  options.channel.bit_rate = 300'000;
  return options;
}

}  // namespace peekproof::testbed
