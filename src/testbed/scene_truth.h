// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "testbed/camera_options.h"
#include "testbed/leak_truth.h"
#include "testbed/room.h"

namespace peekproof::testbed {

/// How the camera saw a frame and how it reached the other side.
struct FrameSent {
  double time_s = 0;     ///< In the call.
  ShotState camera;      ///< Gains, lights and shake.
  double scale = 1;      ///< Width sent over full width.
  int64_t bytes = 0;     ///< Of the coded frame; 0 where the video is the encoder's own stream.
  int64_t bit_rate = 0;  ///< That the encoder was set to; 0 for lossless.
};

/// Everything that is known about a generated call.
///
/// Files in a scene's folder:
///   call.mp4 or call.webm    what the other side saw
///   truth/room.png           the room as the camera shows it empty, without noise
///   truth/wallpaper.png      the virtual background
///   truth/leak_alpha.png     A, 16-bit grey: 65535 times the highest leak alpha over time
///   truth/uncovered.png      255 where the room was ever clear of the caller
///   truth/always_caller.png  255 where only the caller ever was
///   truth/ceiling_unblended.png, ceiling_copied.png   what metrics::Oracle makes of the call before it is
///                            coded: BGRA, transparent where nothing leaked
///   truth/scene.json         numbers, texts, seeds, options (format 2)
///   truth/caller.mkv, engine_alpha.mkv, leak_alpha.mkv, wallpaper.mkv   of every frame: truth_videos.h
struct SceneTruth {
  std::string video;  ///< Path of the call's file.
  uint64_t seed = 0;
  std::string engine;                                        ///< Spec.
  std::vector<std::pair<std::string, std::string>> options;  ///< All, by name: ValuesOf(SceneOptions).
  std::string person_json;                                   ///< What the foreground says of itself,
  std::vector<std::string>
      notes;                     ///< What a user should know: footage that was cut, a key that may not hold.
  std::string service_json;      ///< and what the service does.
  bool wallpaper_moves = false;  ///< Whether `wallpaper` is of the first frame only.
  cv::Size size;
  double frame_rate = 0;
  int64_t frames = 0;  ///< In the video; frames of the camera that did not arrive are not among them.
  std::vector<int64_t> raw_frames;   ///< Numbers of the frames that bypassed the engine, ascending.
  std::vector<int64_t> lost_frames;  ///< Numbers, from 0, of the camera's frames that did not arrive.
  std::vector<FrameSent> sent;       ///< One per frame of the video.
  std::vector<FrameLeak> leaks;      ///< One per frame of the video.
  std::vector<CallLeak> growth;      ///< One per frame: the call's leak up to it.
  int64_t uncovered_px = 0;          ///< Pixels that `uncovered` marks: the real environment.
  std::vector<RoomText> texts;       ///< Writing in the room.

  cv::Mat3b room;           ///< BGR 8-bit sRGB.
  cv::Mat3b wallpaper;      ///< BGR 8-bit sRGB.
  cv::Mat1f leak_alpha;     ///< A, in [0, 1]; raw frames do not count.
  cv::Mat1b uncovered;      ///< 255: see LeakTruth::uncovered.
  cv::Mat1b always_caller;  ///< 255: see LeakTruth::always_caller.
};

/// Writes `truth` into directory/truth; scene.json last. Does not write the video.
Result<void> WriteSceneTruth(const SceneTruth& truth, const std::string& directory);

/// Reads scene.json alone: all but the pictures. Errors  as ReadSceneTruth.
Result<SceneTruth> ReadSceneNumbers(const std::string& directory);

/// Reads what WriteSceneTruth wrote. leak_alpha comes back with the precision of 16 bits.
/// Errors  kNotFound, kIo (no finished scene there), kCorruptData (broken JSON, pictures of another size).
Result<SceneTruth> ReadSceneTruth(const std::string& directory);

}  // namespace peekproof::testbed
