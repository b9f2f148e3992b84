// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "base/result.h"
#include "media/colour.h"
#include "media/libav.h"

namespace peekproof::media {

/// Converts BGR pictures of one size into frames for an encoder. Not thread-safe.
class BgrToFrame {
 public:
  /// format: as PlainFormat gives it, or a "yuvj" one. Errors  kUnsupported (the format), kInternal.
  static Result<BgrToFrame> Create(cv::Size size, AVPixelFormat format, const ColourEncoding& encoding);

  /// The picture as a frame that is valid until the next call, unless the encoder takes a reference.
  Result<AVFrame*> Convert(const cv::Mat3b& bgr);

 private:
  BgrToFrame(cv::Size size, libav::Scaler scaler, libav::Frame frame);

  cv::Size size_;
  libav::Scaler scaler_;
  libav::Frame frame_;
  cv::Mat3b padded_;
};

}  // namespace peekproof::media
