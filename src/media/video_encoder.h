// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "media/libav.h"
#include "media/video_writer.h"

namespace peekproof::media {

/// The container that a file name's ending asks for. Errors  kUnsupported.
Result<const AVOutputFormat*> FindContainer(const std::string& path);

/// Whether a video knows frame numbers only, no times: what MPEG-1, MPEG-2, avi, mpg, ivf and y4m do.
bool HasFixedRate(const AVOutputFormat& container, AVCodecID codec);

/// The encoder that a container's files usually come from.
std::string UsualEncoder(const AVOutputFormat& container);

/// The tags that the options ask for.
ColourTags ColourOf(const WriterOptions& options);

/// Starts the encoder that the options name. Its time_base and framerate say in which ticks it takes frames.
/// Errors  kUnsupported (no such encoder; pixel format, size or container that it does not go with), each
/// ending with the path.
Result<libav::CodecContext> OpenEncoder(const AVOutputFormat& container, cv::Size size,
                                        const WriterOptions& options, const std::string& path);

}  // namespace peekproof::media
