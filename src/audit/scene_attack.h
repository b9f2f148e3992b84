// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "attacks/attack_group.h"
#include "audit/audit.h"
#include "audit/outline_evidence.h"
#include "audit/raw_frames.h"
#include "audit/survey.h"
#include "audit/timeline.h"
#include "audit/wallpaper_model.h"
#include "audit/worst_moments.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "base/result.h"
#include "image/reconstruction.h"

namespace peekproof::audit {

/// What the second pass found in one scene.
struct SceneFindings {
  int64_t frames = 0;              ///< That were attacked: raw ones and repetitions are not counted.
  image::Reconstruction room;      ///< Of AuditOptions::attack.
  image::Reconstruction gathered;  ///< Of seeing-through.
  std::vector<attacks::AttackOutcome>
      outcomes;                    ///< Of all attacks: seeing-through, attack, unmix, other_attacks.
  double expected_correct_px = 0;  ///< Sum of unmix's confidences, also where another attack was chosen.
  cv::Mat1f heat;                  ///< Share of these frames in which a pixel leaked, in [0, 1].
  std::vector<RawInterval> raw;
  double raw_share = 0;  ///< Share of the scene's frames that were raw, in [0, 1].
  std::vector<LeakSample> timeline;
  std::vector<WorstMoment> worst;
  OutlineEvidence outline;
  bool interrupted = false;
  Diagnostics diagnostics;
};

/// Further passes over one scene: those in which attacks look around first, then the one that analyses its
/// frames in parallel and gathers them in order.
/// Errors  MakeAttack's, MakeMatter's, MakeSegmenter's, the reader's.
/// Memory  Bounded by the frame size: per-pixel samples, and a few frames per thread.
Result<SceneFindings> AttackScene(const AuditOptions& options, const Survey& survey, int scene,
                                  const WallpaperModel& wallpaper, ProgressSink* progress,
                                  const std::stop_token& stop);

}  // namespace peekproof::audit
