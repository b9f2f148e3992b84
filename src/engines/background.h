// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"

namespace peekproof::engines {

/// How a wallpaper picture fills a frame of another shape.
enum class Fit {
  kCover,    ///< Scaled until it fills the frame, centre kept, the rest cut off (Volcomix, BigBlueButton).
  kContain,  ///< Scaled until it fits whole, centred on a plain colour.
  kStretch,  ///< Scaled to the frame, aspect not kept (Jitsi Meet, Twilio).
};

/// Parses "cover", "contain" or "stretch".
Result<Fit> ParseFit(const std::string& name);

/// Brings a wallpaper picture to frame size: area averaging where it shrinks, bilinear where it grows.
///
/// In      picture: BGR 8-bit. size: of the frame. border: colour beside the picture (kContain only).
/// Errors  kInvalidArgument: empty picture or size.
Result<cv::Mat3b> FitWallpaper(const cv::Mat3b& picture, cv::Size size, Fit fit,
                               const cv::Vec3b& border = cv::Vec3b(0, 0, 0));

}  // namespace peekproof::engines
