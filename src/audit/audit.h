// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "audit/audit_result.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::audit {

/// AuditOptions::engine: found from the recording.
inline constexpr const char* kAutoEngine = "auto";

/// What to audit and how. The command line registers these fields, so that each default lives here only.
struct AuditOptions {
  std::string input;             ///< Video file or numbered image sequence.
  double start_s = 0;            ///< First presentation time to audit, in seconds.
  std::optional<double> end_s;   ///< First presentation time not to audit; none: to the end.
  std::optional<cv::Rect> crop;  ///< The caller's tile, in pixels of the upright picture; none: all of it.
  std::string engine = kAutoEngine;  ///< Spec of the service whose matte is re-purposed (engines/engine.h).
  std::string model;                 ///< Segmentation model of the engine; empty: the engine's default.
  std::string caller_model = "selfie";  ///< Model of the second segmentation, which removes the caller.
  std::string attack = "unmix";  ///< Spec of the attack that recovers the room (attacks/make_attack.h).
  std::vector<std::string> other_attacks;  ///< Specs of attacks that run beside it, for studies.
  std::string blur_attack =
      "deblur";                ///< Spec of the attack on a blurred background (attacks/blur_attack.h).
  std::string enhance;         ///< Network that enhances a restored room (models/enhancer.h); empty: none.
  std::string wallpaper;       ///< Picture or video used as virtual background; empty: estimated.
  int wallpaper_frames = 300;  ///< 10 to 300, from which the wallpaper is estimated, spread evenly.
  int threads = 0;             ///< Threads of the analysis; 0: as many as cores. Never changes a result.
  std::string find = "text,objects,faces";  ///< What is looked for in the recovered room, or "none".
  bool every_frame = false;  ///< Whether also frames are attacked that only repeat what others showed
                             ///< (FrameNovelty); always so before a video, and with other attacks than plain
                             ///< unmix.
  bool show_caller = false;  ///< Whether pictures show the caller; otherwise he is blacked out.

  /// kInvalidArgument naming the field, when a value is out of range.
  Result<void> Validate() const;
};

/// Audits a recording: surveys it (cuts, wallpapers), attacks each scene, and sums up.
///
/// In      progress: may be null. stop: when it is requested, the result so far is returned, marked
/// interrupted. Out     A result even when the video is damaged (AuditResult::complete is false then). Errors
/// Those of VideoReader::Open, MakeMatter, MakeSegmenter and Validate. Memory  Bounded by the frame size.
/// Threads The result does not depend on their number.
Result<AuditResult> RunAudit(const AuditOptions& options, ProgressSink* progress, std::stop_token stop);

}  // namespace peekproof::audit
