// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>

#include "base/result.h"
#include "testbed/channel_options.h"

namespace peekproof::testbed {

/// Why a frame is missing at the other side.
enum class Absence {
  kNone,  ///< It arrived.
  kLost,  ///< On the way.
  kRate,  ///< It was not coded: bits ran ahead of the bandwidth.
};

/// What became of a frame.
struct Sent {
  Absence absence = Absence::kNone;
  cv::Mat3b
      picture;  ///< What the other side shows: full size, BGR 8-bit sRGB; without a frame, the last one.
  int64_t bytes = 0;  ///< Of the coded frame; 0: absent, or lossless.
  bool key_frame = false;
  std::optional<double> quantiser;  ///< As media::LoopedFrame tells it; none: absent, or not told.
  double scale = 1;                 ///< Width sent over full width.
  int64_t bit_rate = 0;             ///< That the encoder was set to; 0 for lossless.
  int64_t bandwidth = 0;            ///< That the network carried; 0 for lossless.
  bool shown() const { return absence == Absence::kNone; }
};

/// The way of a call's pictures from the engine to the other side's screen: scaled down (over areas), coded,
/// dropped or lost, decoded, scaled up again (bilinear).
///
/// A loss shows nothing new while it lasts, and ends with a key frame, as the receiver asks for. Differs from
/// a real one: what is lost is not coded, so it costs no bits, and nothing arrives damaged. The encoder
/// follows the bandwidth after options.reaction_s, at once and fully; WebRTC's estimate rises by some percent
/// a second. Each sets in with the second frame at the earliest: the first one always arrives.
class Channel {
 public:
  /// seed: of dips and losses. Same options, seed and frames: same results, on one set of libraries.
  /// Errors  kInvalidArgument (options, size); kUnsupported (this FFmpeg lacks the codec).
  static Result<std::unique_ptr<Channel>> Create(const ChannelOptions& options, cv::Size size,
                                                 double frame_rate, uint64_t seed);
  ~Channel();

  /// Sends a picture of the channel's size, at a time in seconds from the call's start; times grow.
  /// In/out  sent: the one of the frame before, whose picture stays where the new one does not arrive.
  /// Errors  kInternal (the codec fails).
  Result<void> Send(const cv::Mat3b& frame, double time_s, Sent* sent);

 private:
  struct State;
  explicit Channel(std::unique_ptr<State> state);
  Absence AbsenceAt(double time_s, int64_t bandwidth);
  Result<void> FollowRate(int64_t bit_rate, bool resized);
  Result<void> Code(const cv::Mat3b& frame, double time_s, Sent* sent);

  std::unique_ptr<State> state_;
};

}  // namespace peekproof::testbed
