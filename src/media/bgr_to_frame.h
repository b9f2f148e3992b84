// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "base/result.h"
#include "media/colour.h"
#include "media/libav.h"

namespace peekproof::media {

/// Whether frames of a format carry alpha.
bool HasAlpha(AVPixelFormat format);

/// Converts BGR pictures of one size into frames for an encoder. Not thread-safe.
class BgrToFrame {
 public:
  /// format: as PlainFormat gives it, or a "yuvj" one. Errors  kUnsupported (the format), kInternal.
  static Result<BgrToFrame> Create(cv::Size size, AVPixelFormat format, const ColourEncoding& encoding);

  /// The picture as a frame that is valid until the next call, unless the encoder takes a reference.
  /// In      picture: BGR (CV_8UC3); for a format with alpha also BGRA (CV_8UC4), without it is opaque.
  Result<AVFrame*> Convert(const cv::Mat& picture);

  bool has_alpha() const { return padded_.channels() == 4; }

 private:
  BgrToFrame(cv::Size size, bool has_alpha, libav::Scaler scaler, libav::Frame frame);

  cv::Size size_;
  libav::Scaler scaler_;
  libav::Frame frame_;
  cv::Mat padded_;
};

}  // namespace peekproof::media
