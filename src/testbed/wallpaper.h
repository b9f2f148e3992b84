// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

namespace peekproof::testbed {

enum class WallpaperKind { kBeach, kMountains, kOffice };

/// The kind of "beach", "mountains" or "office"; none for any other name.
std::optional<WallpaperKind> WallpaperKindOf(const std::string& name);

/// Paints a virtual background, BGR 8-bit sRGB, as services offer them: shapes and gradients, never a flat
/// colour.
cv::Mat3b MakeWallpaper(WallpaperKind kind, uint64_t seed, cv::Size size);

}  // namespace peekproof::testbed
