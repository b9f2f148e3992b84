// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "attacks/blur_identification.h"
#include "audit/audit.h"
#include "audit/audit_result.h"
#include "audit/blur_result.h"
#include "audit/survey.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::audit {

/// Width from which a background counts as blurred, in pixels; more in pictures over 720 high: sharp rooms
/// and wallpapers are told as at most 1.0, services' weakest blurs are 4.
inline constexpr double kLeastBlur = 2.2;

/// The blur of a scene's most frequent colours, where the caller seldom is; none where it is less than
/// kLeastBlur, or cannot be told.
std::optional<attacks::BlurEstimate> BlurOf(const SurveyedScene& scene);

/// The same of a scene whose camera moves: the median of the blurs of a few single frames, where the caller
/// seldom is; none where half of them or more have none.
std::optional<attacks::BlurEstimate> BlurInMotion(const SurveyedScene& scene);

/// Whether most of a few frames of the scene show the same background from another place than the first one
/// (attacks::FrameAligner); also tells moves of a blurred background that SurveyedScene::global_motion_px
/// takes for none.
bool CameraMoves(const SurveyedScene& scene);

inline constexpr int64_t kBlurFrames = 600;

/// What was found in a scene behind a blur.
struct BlurredSceneFindings {
  BlurResult blur;
  std::vector<RawInterval> raw;  ///< Frames that passed through as they were (SharpFrames).
};

/// Attacks the blur of a scene (AuditOptions::blur_attack) over about kBlurFrames of its frames, spread
/// evenly (IsSampled), in one pass or two. The second also looks through all frames for raw ones. Out none
/// where nothing of the background was seen, or nothing yet when `stop` was asked for. Errors
/// MakeSegmenter's, BlurAttack::Create's, the reader's.
Result<std::optional<BlurredSceneFindings>> AttackBlur(const AuditOptions& options, const Survey& survey,
                                                       int scene, ProgressSink* progress,
                                                       const std::stop_token& stop);

}  // namespace peekproof::audit
