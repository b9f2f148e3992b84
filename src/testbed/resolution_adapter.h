// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <opencv2/core.hpp>
#include <optional>

#include "testbed/channel_options.h"

namespace peekproof::testbed {

/// Chooses how large a call sends its pictures: 1, 3/4, 1/2, 3/8 or 1/4 of the full width and height.
///
/// Each check looks at the last 150 frames, at least 60, since the latest change. A step down: the mean
/// quantiser is above the codec's upper threshold, or 60 % of the frames were dropped. A step up: the mean is
/// at or below the lower threshold and the rate suffices to start at the larger size. Checks are 2 s apart
/// until the first step down, then 5 s. AV1, whose quantiser FFmpeg does not tell, goes by the rate alone:
/// down below what the size needs to start, up above what the size makes use of. A call begins at the largest
/// size that the rate suffices to start at. No step goes below 320 x 180 pixels.
///
/// Thresholds of the mean quantiser (lower, upper): H.264 24, 37; VP8 24, 52; VP9 24, 46, on FFmpeg's scales,
/// which for VP8 and VP9 are libvpx's 0 to 63: bitstream indices 29, 95 and 96, 185.
///
/// Source  WebRTC: media/base/video_adapter (steps by 3/4 and 2/3 in turn), quality_scaler (checks, windows,
///         thresholds, dropped share), rtc_base/experiments/encoder_info_settings (rates for a size:
///         "singlecast" limits), bandwidth_quality_scaler (by the rate alone), video_stream_adapter (least
///         size). Differs: the mean is plain, no frame rate is given up, and the size at the start is right
///         at once, where WebRTC drops up to four frames to find it.
class ResolutionAdapter {
 public:
  /// codec: not lossless. size: full, in pixels. bit_rate: bits per second at the start.
  ResolutionAdapter(ChannelCodec codec, cv::Size size, int64_t bit_rate);

  double scale() const;
  /// In pixels; a scaled size has even sides, rounded down.
  cv::Size size() const { return SizeOf(step_); }

  /// Takes what became of a frame: dropped, or coded with a quantiser where the encoder tells it. Times grow.
  /// True: the size is another from now on.
  bool Add(double time_s, int64_t bit_rate, bool dropped, std::optional<double> quantiser);

 private:
  struct Sample {
    bool dropped = false;
    std::optional<double> quantiser;
  };

  cv::Size SizeOf(int step) const;
  int Judge(int64_t bit_rate) const;
  bool CanStart(int step, int64_t bit_rate) const;
  bool TakeStep(int step);

  ChannelCodec codec_;
  cv::Size full_size_;
  int step_ = 0;
  bool went_down_ = false;
  double checked_s_ = 0;
  std::deque<Sample> samples_;
};

}  // namespace peekproof::testbed
