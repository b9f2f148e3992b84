// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>

#include "base/result.h"
#include "engines/background.h"

namespace peekproof::engines {

/// One picture of a background video.
struct VideoPicture {
  const cv::Mat3b* bgr = nullptr;  ///< Valid until the next is asked for.
  int64_t serial = 0;  ///< Tells the pictures of one video apart, since a reader may reuse its buffer.
};

/// A video behind the caller, each picture fitted to the frame once however many frames show it. After the
/// first frame it allocates nothing of the size of a picture while the sizes stay.
///
/// In      picture_at: the picture that is on screen `time_s` seconds after the start of the call. Looping
/// and
///         the video's own frame rate are its business; times come in order, until Reset.
///         reset: called by Reset; may be null.
/// Errors  Draw fails with picture_at's errors, and kInvalidArgument where it gives an empty picture.
std::unique_ptr<Background> MakeVideoBackground(std::function<Result<VideoPicture>(double time_s)> picture_at,
                                                Fit fit, std::function<void()> reset = nullptr);

}  // namespace peekproof::engines
