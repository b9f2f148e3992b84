// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "testbed/animation.h"
#include "testbed/camera_options.h"
#include "testbed/channel_options.h"
#include "testbed/make_foreground.h"
#include "testbed/oracle_segmenter.h"
#include "testbed/room_change.h"
#include "testbed/room_light.h"

namespace peekproof::testbed {

/// Frames in which the engine is bypassed and the camera shows, as at joining or after an unmute. The engine
/// starts afresh behind them.
struct RawInterval {
  double start_s = 0;
  int frames = 1;  ///< At least 1.
};

/// A call to be made: who, where, how filmed, through which engine, how encoded. Everything random follows
/// from the seed.
struct SceneOptions {
  uint64_t seed = 1;
  cv::Size size{1280, 720};  ///< 16 to 8192 pixels a side; even for 4:2:0 video.
  double frame_rate = 25;    ///< Frames per second, up to 240.
  int frames = 350;

  ForegroundOptions foreground;
  MotionOptions motion;
  std::string room = "drawn";            ///< As OpenRoom takes it.
  std::vector<RoomChange> room_changes;  ///< In order of time; the truth stays the room at first.
  std::string wallpaper = "beach";       ///< As SceneBackground::Open takes it.
  int wallpaper_noise = 0;               ///< As apply::BackgroundOptions::noise; the truth stays without it.
  CameraOptions camera;
  LightOptions light;  ///< How far the light on the caller is the room's.

  int setup_frames = 0;         ///< Of the empty room that the engine is shown before the call; at least 0.
  std::string engine = "meet";  ///< Spec, as engines::MakeEngine takes it.
  bool use_oracle = false;      ///< Replaces the engine's network by an erring oracle.
  OracleOptions oracle;
  std::vector<RawInterval> raw;  ///< When the engine is bypassed.

  ChannelOptions channel;    ///< How the call reaches the other side.
  bool write_frames = true;  ///< Also write the mattes of every frame (truth_videos.h).

  Result<void> Validate() const;
  double TimeOf(int64_t frame) const { return static_cast<double>(frame) / frame_rate; }
  /// Whether a frame lies in a raw interval.
  bool IsRaw(int64_t frame) const;
};

}  // namespace peekproof::testbed
