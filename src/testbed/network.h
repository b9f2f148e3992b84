// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "testbed/channel_options.h"

namespace peekproof::testbed {

/// Spans of time that come and go at random, in order, without touching: the pauses between them are
/// distributed exponentially, their lengths evenly. They depend on seed and stream only.
class SeededSpans {
 public:
  /// per_minute: on average; 0: none. Longest and shortest as ChannelOptions::Validate allows.
  SeededSpans(uint64_t seed, uint64_t stream, double per_minute, double shortest_s, double longest_s);

  /// A number in [0, 1) that belongs to the span that holds a time, or none. Times must not fall.
  std::optional<double> At(double time_s);

 private:
  void Advance();

  uint64_t seed_;
  uint64_t stream_;
  double mean_pause_s_;
  double shortest_s_;
  double longest_s_;
  uint64_t count_ = 0;
  double start_s_ = 0;
  double end_s_ = 0;
  double mark_ = 0;
};

/// What the network carries, moment by moment.
class Bandwidth {
 public:
  Bandwidth(const ChannelOptions& options, uint64_t seed);
  /// Bits per second at a time; at least 10000. Times must not fall.
  int64_t At(double time_s);

 private:
  int64_t bit_rate_;
  std::vector<BandwidthStep> steps_;
  BandwidthDips dip_options_;
  SeededSpans dips_;
};

/// Decides which frames are not coded because coded bits run ahead of what the network carries: a bucket that
/// coded frames fill and the bandwidth empties.
///
/// Source  WebRTC, modules/video_coding/utility/frame_dropper: bucket of 0.5 s. Differs: there a smoothed
/// drop
///         ratio, raised while the bucket overflows, spaces the drops; large frames enter the bucket in
///         parts; its level ends at 3 s and dropping after 4 s. Here a frame is dropped exactly while the
///         bucket overflows, so that the rate is kept over any longer time.
class FrameDropper {
 public:
  explicit FrameDropper(double bucket_s) : bucket_s_(bucket_s) {}
  /// Lets out what the bandwidth (bits per second) carries up to a time, and says whether more than the
  /// bucket holds is left. Times must not fall.
  bool Overflows(double time_s, int64_t bandwidth);
  void Fill(int64_t bytes) { bits_ += static_cast<double>(bytes) * 8; }

 private:
  double bucket_s_;
  double bits_ = 0;
  double time_s_ = 0;
};

}  // namespace peekproof::testbed
