// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

#include "advise/caller_motion.h"
#include "base/progress.h"
#include "base/result.h"
#include "media/video_reader.h"

namespace peekproof::advise {

/// Traits of a recorded call, by the masks that a network makes of it. The network's errors are in them: its
/// mask of a caller who sits still is not quite still.
///
/// In      model: as models::MakeSegmenter takes it. progress: may be null; stage "measure".
/// Out     Of what was read, where `stop` is asked for or the recording is damaged.
/// Errors  those of opening recording and network; the network's.
/// Cost    One pass over the recording; the network on eight frames a second.
Result<CallTraits> MeasureCall(const std::string& path, const media::ReaderOptions& reader,
                               const std::string& model, ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::advise
