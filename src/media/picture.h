// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::media {

/// Reads a still picture (PNG, JPEG, WebP, BMP, TIFF, PPM, GIF: whatever FFmpeg decodes) as BGR 8-bit sRGB.
/// Alpha is dropped (the colour under it stands), an orientation tag is not applied, 16 bits are rounded
/// to 8. Of an animation or a video: the first frame. Errors  kNotFound, kIo, kUnsupported (not a picture,
/// over 8192 * 8192 pixels), kCorruptData.
Result<cv::Mat3b> ReadPicture(const std::string& path);
/// Reads a one-channel or alpha-carrying PNG as 8-bit grey (of the alpha channel where it has one). A colour
/// picture without alpha gives its BT.601 luma, which is the grey itself where the channels are equal. Errors
/// as ReadPicture.
Result<cv::Mat1b> ReadGreyPicture(const std::string& path);

/// Whether a picture carries alpha, or a palette in which colours may be transparent. Errors  as ReadPicture.
Result<bool> HasAlphaChannel(const std::string& path);

/// PNG bytes of a grey (CV_8UC1, CV_16UC1), BGR (CV_8UC3) or BGRA (CV_8UC4) picture. Lossless, deterministic.
/// Errors  kInvalidArgument (empty, another type); kInternal.
Result<std::vector<uint8_t>> EncodePng(const cv::Mat& picture);
/// JPEG bytes of a BGR picture; quality 1 (worst) to 100. Chroma at half size below quality 90.
/// Deterministic. Errors  kInvalidArgument (empty, quality); kUnsupported (no JPEG encoder); kInternal.
Result<std::vector<uint8_t>> EncodeJpeg(const cv::Mat3b& bgr, int quality);
/// Writes EncodePng's bytes, readable by the user only, by way of a temporary file and a rename.
/// Errors  EncodePng's; kIo; kInvalidArgument (the path is a folder's).
Result<void> WritePng(const std::string& path, const cv::Mat& picture);

}  // namespace peekproof::media
