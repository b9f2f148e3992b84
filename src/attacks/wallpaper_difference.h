// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::attacks {

/// How far each pixel of a frame is from the wallpaper's.
///
/// In      frame, wallpaper: of the same size, BGR 8-bit sRGB.
/// Out     difference: of the channel that differs most, in 8-bit steps; reused.
/// Threads Rows in parallel.
void DifferenceToWallpaper(const cv::Mat3b& frame, const cv::Mat3b& wallpaper, cv::Mat1b* difference);

}  // namespace peekproof::attacks
