// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/codec_loop.h"
#include "media/video_writer.h"

namespace peekproof::testbed {

enum class ChannelCodec { kLossless, kH264, kVp8, kVp9, kAv1 };

/// "lossless", "h264", "vp8", "vp9", "av1".
std::string_view ChannelCodecName(ChannelCodec codec);
/// Errors  kInvalidArgument (no such codec; the message names all).
Result<ChannelCodec> ParseChannelCodec(std::string_view name);
/// Of a codec other than lossless.
media::CallCodec CallCodecOf(ChannelCodec codec);

/// What the network carries from a moment on.
struct BandwidthStep {
  double time_s = 0;
  int64_t bit_rate = 0;  ///< Bits per second.
};

/// Seeded times at which the network carries less: how many, how long, and which share is left.
struct BandwidthDips {
  double per_minute = 0;  ///< On average; 0: none.
  double shortest_s = 3;
  double longest_s = 10;
  double least_share = 0.1;  ///< Of the bandwidth, in (0, 1].
  double largest_share = 0.4;
};

/// Seeded times in which nothing arrives.
struct LossBursts {
  double per_minute = 0;  ///< On average; 0: none.
  double shortest_s = 0.1;
  double longest_s = 0.6;
};

/// How a call's pictures reach the other side.
struct ChannelOptions {
  ChannelCodec codec = ChannelCodec::kH264;
  int64_t bit_rate = 1'500'000;          ///< Bits per second, without the two below; not of lossless.
  std::vector<BandwidthStep> bandwidth;  ///< In order of time; before the first: bit_rate.
  BandwidthDips dips;
  LossBursts losses;
  double reaction_s = 0.5;        ///< After which the encoder follows the bandwidth.
  bool drop_frames = false;       ///< Leave out frames while coded bits run ahead of the bandwidth...
  double bucket_s = 0.5;          ///< ...by more than what it carries in this time.
  bool adapt_resolution = false;  ///< Send smaller pictures where bits are short.

  Result<void> Validate() const;
  /// Whether every frame arrives, in full size, at one rate: then the encoder's own stream is the recording.
  bool IsPlain() const;
};

/// The writer's options for what such a channel's other side records, and the ending of the file's name
/// (".mp4" or ".webm"). Plain: the codec's own stream. Otherwise, and for lossless: exact RGB by libx264rgb,
/// which repeats unchanged parts at no cost, in mp4, whose clock keeps times to less than 0.1 ms.
struct Recording {
  media::WriterOptions writer;
  const char* extension = ".mp4";
};
Recording RecordingOf(const ChannelOptions& options, cv::Size size, double frame_rate);

}  // namespace peekproof::testbed
