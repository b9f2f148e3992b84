// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "audit/audit_result.h"
#include "audit/scene_attack.h"
#include "audit/survey.h"

namespace peekproof::audit {

/// Sampled frames of a scene below which its background cannot be judged.
inline constexpr int kLeastSamples = 4;

/// What kind of background a scene has, how sure that is, and the measured evidence in one sentence.
struct BackgroundJudgement {
  BackgroundKind kind = BackgroundKind::kUnknown;
  double confidence = 0;  ///< In [0, 1].
  std::string explanation;
};

/// Judges from the first pass whether the static-wallpaper model holds at all. A background that stands still
/// comes out as kStaticWallpaper, which JudgeStill then has to confirm. Where the picture shifts as a moving
/// camera's does, it is kBlurred if its frames are (BlurInMotion), else kNone.
BackgroundJudgement JudgeStillness(const SurveyedScene& scene);

/// kBlurred where no edge of a background is sharp (BlurOf; BlurInMotion where CameraMoves),
/// so that it need not be attacked as a replaced one; else none.
std::optional<BackgroundJudgement> JudgeBlur(const SurveyedScene& scene);

/// Judges a still background, from its light and optics and from what the second pass saw at the caller's
/// outline: replaced (kStaticWallpaper), the room blurred (kBlurred) or a plain room (kNone). Where the
/// evidence is thin it stays kStaticWallpaper, with little confidence: calling a replaced background a plain
/// room would hide a leak.
BackgroundJudgement JudgeStill(const SurveyedScene& scene, const SceneFindings& findings);

}  // namespace peekproof::audit
