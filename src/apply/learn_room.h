// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "image/frame.h"

namespace peekproof::apply {

/// Reads set-up shots of the empty room: a video (its first ten seconds) or a picture, which stands for some
/// frames.
///
/// In      crop: as the recording's. size: of the recording's frames.
///         learn: takes one shot.
/// Errors  those of reading, kInvalidArgument (another size than the recording: names both), learn's,
///         kInterrupted.
Result<void> LearnRoom(const std::string& path, const std::optional<cv::Rect>& crop, cv::Size size,
                       const std::stop_token& stop,
                       const std::function<Result<void>(const image::Frame&)>& learn);

}  // namespace peekproof::apply
