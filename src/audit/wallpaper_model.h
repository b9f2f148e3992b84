// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "audit/audit.h"
#include "audit/survey.h"
#include "base/result.h"

namespace peekproof::audit {

/// Wallpaper of a scene as the attack uses it.
struct WallpaperModel {
  cv::Mat3b bgr;
  cv::Mat1b known;    ///< 255 where the colour is trusted.
  cv::Mat1f support;  ///< attacks::Wallpaper::support.
  cv::Mat1b moving;   ///< 255 where it moves (MovingBackground): nothing is claimed there.
};

/// The picture that the options name, fitted to the frame and trusted everywhere. With a video (then `video`
/// is not null) that of a scene whose frames were stilled, as without one, and where that is not known the
/// video's mean, since stilled frames have it there. Without either the most frequent colours of a surveyed
/// scene, trusted where it stands still and the caller was away for long enough that he cannot outvote them.
/// In      scene: with a wallpaper. Errors  media::ReadPicture's.
Result<WallpaperModel> WallpaperOf(const AuditOptions& options, const SurveyedScene& scene,
                                   const WallpaperVideo* video);

}  // namespace peekproof::audit
