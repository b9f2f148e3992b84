// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/video_writer.h"
#include "testbed/animation.h"
#include "testbed/camera.h"
#include "testbed/make_foreground.h"
#include "testbed/oracle_segmenter.h"

namespace peekproof::testbed {

/// Frames in which the engine is bypassed and the camera shows, as at joining or after an unmute. The engine
/// starts afresh behind them.
struct RawInterval {
  double start_s = 0;
  int frames = 1;  ///< At least 1.
};

/// H.264 as a call at 720p has it.
media::WriterOptions CallVideo();

/// A call to be made: who, where, how filmed, through which engine, how encoded. Everything random follows
/// from the seed.
struct SceneOptions {
  uint64_t seed = 1;
  cv::Size size{1280, 720};  ///< 16 to 8192 pixels a side; even for 4:2:0 video.
  double frame_rate = 25;    ///< Frames per second, up to 240.
  int frames = 350;

  ForegroundOptions foreground;
  MotionOptions motion;
  std::string room = "drawn";       ///< As OpenRoom takes it.
  std::string wallpaper = "beach";  ///< As SceneBackground::Open takes it.
  CameraOptions camera;

  std::string engine = "meet";  ///< Spec, as engines::MakeEngine takes it.
  bool use_oracle = false;      ///< Replaces the engine's network by an erring oracle.
  OracleOptions oracle;
  std::vector<RawInterval> raw;  ///< When the engine is bypassed.

  media::WriterOptions video = CallVideo();  ///< Its frame_rate is replaced by the one above.
  bool write_frames = true;                  ///< Also write the mattes of every frame (truth_videos.h).

  Result<void> Validate() const;
  double TimeOf(int64_t frame) const { return static_cast<double>(frame) / frame_rate; }
  /// Whether a frame lies in a raw interval.
  bool IsRaw(int64_t frame) const;
};

}  // namespace peekproof::testbed
