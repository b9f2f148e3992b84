// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::testbed {

enum class WallpaperKind { kBeach, kMountains, kOffice };

/// Paints a virtual background, BGR 8-bit sRGB, as services offer them: shapes and gradients, never a flat
/// colour.
cv::Mat3b MakeWallpaper(WallpaperKind kind, uint64_t seed, cv::Size size);

}  // namespace peekproof::testbed
