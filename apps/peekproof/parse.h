// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekproof::cli {

/// "90", "90.5", "1:30", "1:30.5" or "1:02:03" as seconds. After a colon, numbers are below 60.
Result<double> ParseTime(std::string_view text);

/// "640x360+100+20": width x height + distance from the left + distance from the top, in pixels.
Result<cv::Rect> ParseCrop(std::string_view text);

/// The parts of "meet; jitsi(mode=blur)" between semicolons, without spaces around them; empty ones are
/// dropped.
std::vector<std::string> SplitList(std::string_view text);

/// "1280x720". Each side from 1 to 16384.
Result<cv::Size> ParseSize(std::string_view text);

}  // namespace peekproof::cli
