// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "apply/open_background.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "base/result.h"
#include "engines/engine.h"
#include "engines/leak_meter.h"

namespace peekproof::apply {

/// A virtual background for a recording.
struct ApplyOptions {
  std::string input;            ///< Video file or numbered pictures.
  std::string output;           ///< Video file or numbered pictures; its name's end chooses the container.
  std::string engine = "meet";  ///< Spec, as engines::MakeEngine takes it.
  std::string model;            ///< Replaces the engine's network; empty: the engine's own.
  BackgroundOptions background;
  std::string plate;          ///< Video or picture of the empty room, for guard and the meter; empty: none.
  bool meter = false;         ///< Meter what is shown of the room (engines::LeakMeter).
  std::string alpha_output;   ///< Lossless grey video or numbered pictures of the alpha; empty: none.
  bool side_by_side = false;  ///< Camera left, composite right.
  double start_s = 0;
  std::optional<double> end_s;
  std::optional<cv::Rect> crop;     ///< One tile, in pixels of the upright picture.
  std::string codec;                ///< FFmpeg encoder name; empty: what suits the output's container.
  int crf = 18;                     ///< Constant rate factor where bit_rate is 0; smaller is better.
  int64_t bit_rate = 0;             ///< Bits per second.
  std::string preset = "veryfast";  ///< Of libx264 and libx265.
  bool drop_audio = false;
  bool force = false;  ///< Replace existing outputs.
  int threads = 0;  ///< 0: as many as cores. What is composed never depends on it; what an encoder makes of
                    ///< it may.

  Result<void> Validate() const;
};

/// What became of the frames.
struct ApplyResult {
  int64_t frames = 0;
  std::array<int64_t, 4> shown{};  ///< Frames by engines::Shown.
  int64_t failures = 0;            ///< Frames on which the network failed.
  std::string first_failure;       ///< Why, at the first of them.
  int oldest_mask = 0;             ///< Largest age of a mask that was used, in frames.
  double caller_share = 0;         ///< Mean alpha, 0 to 1.
  bool interrupted = false;
  bool has_audio = false;
  std::optional<engines::MeteredLeak> leak;  ///< Where it was to be metered.
  Diagnostics diagnostics;                   ///< Damaged frames of the input and the like.

  /// Whether every frame of the range was read whole and had its mask.
  bool complete() const { return !interrupted && failures == 0 && diagnostics.empty(); }
};

/// Reads, composes and writes frame by frame. Audio, timing and colour tags are kept. Where `stop` is asked
/// for, the files end with the last frame written and are playable.
///
/// progress: may be null; stage "apply". Memory is bounded by the frame size.
/// Errors  kInvalidArgument (options; an output that exists without force, or is the input), those of opening
///         the input, the engine, the background and the encoder; kIo.
Result<ApplyResult> ApplyVideo(const ApplyOptions& options, ProgressSink* progress, std::stop_token stop);

}  // namespace peekproof::apply
