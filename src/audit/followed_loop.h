// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>

#include "audit/audit.h"
#include "audit/audit_result.h"
#include "audit/survey.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::audit {

/// Looks whether the background is a video that a service loops, learns that video, and surveys the recording
/// again with it.
///
/// In/Out  survey: of the options, which name no wallpaper; replaced by the second one.
/// Out     None, and the survey left as it was, where nothing repeats, what was learned does not explain the
///         recording, or `stop` was requested.
/// Errors  LearnLoop's, SurveyBehind's.
Result<std::optional<WallpaperLoop>> FollowLoop(const AuditOptions& options, Survey* survey,
                                                ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::audit
