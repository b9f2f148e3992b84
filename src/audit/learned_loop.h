// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>

#include "audit/audit.h"
#include "audit/loop_finder.h"
#include "audit/survey.h"
#include "audit/wallpaper_video.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::audit {

/// Learns the pictures of a looped video from a recording of it: each from the frames that show it, where the
/// caller is not near (SettledPicture). A place that he never left while a picture was shown stays unknown in
/// that picture.
///
/// The recording is read once for as many pictures as fit into 256 MB; they are kept in a temporary video.
///
/// In      survey: of the same options, with what LoopFinder found in it as `loop`.
/// Out     Null where `stop` was requested. Errors  the reader's, the segmenter's, VideoWriter's, kIo.
Result<std::shared_ptr<WallpaperVideo>> LearnLoop(const AuditOptions& options, const Survey& survey,
                                                  const BackgroundLoop& loop, ProgressSink* progress,
                                                  const std::stop_token& stop);

}  // namespace peekproof::audit
