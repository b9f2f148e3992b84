// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "base/result.h"
#include "media/colour.h"
#include "media/libav.h"
#include "media/yuv_to_bgr.h"

namespace peekproof::media {

/// A frame's planes for YuvToBgr, if it has a layout that YuvToBgr takes.
std::optional<YuvPicture> YuvPictureOf(const AVFrame& frame);

/// Converts decoded frames of any layout to BGR: the common ones by YuvToBgr, the others by swscale.
/// Alpha is dropped. Keeps its tables from frame to frame. Not thread-safe.
class FrameConverter {
 public:
  /// codec: settles what a frame's colour tags leave open.
  explicit FrameConverter(AVCodecID codec) : codec_(codec) {}

  /// The pixels of `part`, in the stored (not upright) picture, at their size. The buffer is reused if its
  /// size fits. A part gives the pixels that the whole picture would (by swscale: of a picture with even
  /// sides; odd ones shift its chroma interpolation by up to half a sample). Errors  kUnsupported (a layout
  /// that swscale does not know), kInternal.
  Result<void> Convert(const AVFrame& frame, cv::Rect part, cv::Mat3b* bgr);
  /// The same by swscale, whatever the layout: the slow twin.
  Result<void> ConvertBySwscale(const AVFrame& frame, cv::Rect part, cv::Mat3b* bgr);
  /// The pixels of `part` scaled to `size`, averaging over the source's pixels when shrinking.
  Result<void> ConvertScaled(const AVFrame& frame, cv::Rect part, cv::Size size, cv::Mat3b* bgr);
  /// BGRA with the picture's own alpha (255 where it has none).
  Result<void> ConvertWithAlpha(const AVFrame& frame, cv::Mat4b* bgra);

 private:
  /// Everything that a SwsContext is made for.
  struct Job {
    AVPixelFormat from = AV_PIX_FMT_NONE;
    AVPixelFormat to = AV_PIX_FMT_NONE;
    cv::Size from_size;
    cv::Size to_size;
    ColourEncoding encoding;
    int flags = 0;
    bool operator==(const Job&) const = default;
  };

  Result<void> Prepare(const Job& job);
  Result<void> Scale(const AVFrame& frame, cv::Rect part, const Job& job, cv::Mat* target);

  const AVCodecID codec_;
  Job job_;
  libav::Scaler scaler_;
  cv::Mat padded_;
};

}  // namespace peekproof::media
