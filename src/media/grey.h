// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "media/libav.h"

namespace peekproof::media {

/// Bits of a sample in a layout of one channel (8 to 16), 0 for every other layout.
int GreyBitsOf(AVPixelFormat format);
/// The samples of `part` of a frame with a grey layout, as they are; the buffer is reused if its size fits.
void CopyGreySamples(const AVFrame& frame, cv::Rect part, cv::Mat1w* samples);
/// Fills a frame of layout gray or gray16le from a picture of its size and depth.
void FillGreyFrame(const cv::Mat& grey, AVFrame* frame);

}  // namespace peekproof::media
