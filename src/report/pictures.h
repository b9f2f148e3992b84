// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "audit/audit_result.h"
#include "base/result.h"
#include "image/reconstruction.h"

namespace peekproof::report {

/// room.png: BGRA, alpha 255 where the pixel is present and 0 (over black) where it is absent.
cv::Mat4b RoomPicture(const image::Reconstruction& room);

/// confidence.png: 0 (absent) to 255 (certain).
cv::Mat1b ConfidenceGrey(const image::Reconstruction& room);

/// Confidence in the colours of MapColour, transparent where absent: for people.
cv::Mat4b ConfidencePicture(const image::Reconstruction& room);

/// A heat map and the value that its brightest colour stands for.
struct HeatPicture {
  cv::Mat3b bgr;
  double brightest = 1;  ///< In (0, 1]: a round number that only few pixels reach.
};

/// In   heat: H x W in [0, 1]. wallpaper: H x W or empty; shown dimmed, grey and blurred where nothing
/// leaked.
HeatPicture DrawHeat(const cv::Mat1f& heat, const cv::Mat3b& wallpaper);

/// The ninth of the picture with the most heat, in words: "upper left", "middle"; empty where there is no
/// heat.
std::string HottestRegion(const cv::Mat1f& heat);

/// The moment's picture with its leak in full colour behind a yellow outline, the rest paler.
/// At most `max_width` wide; the outline is drawn after shrinking.
cv::Mat3b DrawMoment(const audit::WorstMoment& moment, int max_width);

/// Scales down to at most `max_width` columns, by area; transparent pixels do not bleed into the others.
cv::Mat ShrinkToWidth(const cv::Mat& picture, int max_width);

/// "data:image/png;base64,..." of a picture that media::EncodePng takes.
Result<std::string> PngUri(const cv::Mat& picture);
/// "data:image/jpeg;base64,...".
Result<std::string> JpegUri(const cv::Mat3b& picture);
/// RFC 4648, with padding.
std::string Base64(const std::vector<uint8_t>& bytes);

}  // namespace peekproof::report
