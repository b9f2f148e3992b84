// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/channel.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

#include "media/codec_loop.h"
#include "testbed/network.h"
#include "testbed/resolution_adapter.h"

namespace peekproof::testbed {
namespace {

constexpr uint64_t kLossStream = 0x1055;

void Scale(const cv::Mat3b& from, cv::Size size, int interpolation, cv::Mat3b* to) {
  if (from.size() == size) {
    from.copyTo(*to);
  } else {
    cv::resize(from, *to, size, 0, 0, interpolation);
  }
}

}  // namespace

struct Channel::State {
  State(const ChannelOptions& channel, cv::Size full_size, uint64_t seed)
      : options(channel),
        size(full_size),
        network(channel, seed),
        estimate(channel, seed),
        losses(seed, kLossStream, channel.losses.per_minute, channel.losses.shortest_s,
               channel.losses.longest_s),
        dropper(channel.bucket_s) {}

  ChannelOptions options;
  cv::Size size;
  Bandwidth network;
  Bandwidth estimate;  ///< The network as the sender knows it, reaction_s later.
  SeededSpans losses;
  FrameDropper dropper;
  std::optional<ResolutionAdapter> adapter;
  std::unique_ptr<media::CodecLoop> loop;  ///< Null for lossless.
  cv::Mat3b scaled;
  media::LoopedFrame looped;
  bool started = false;
  bool loses = false;
};

Channel::Channel(std::unique_ptr<State> state) : state_(std::move(state)) {}
Channel::~Channel() = default;

Result<std::unique_ptr<Channel>> Channel::Create(const ChannelOptions& options, cv::Size size,
                                                 double frame_rate, uint64_t seed) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  auto state = std::make_unique<State>(options, size, seed);
  if (options.codec != ChannelCodec::kLossless) {
    const int64_t bit_rate = Bandwidth(options, seed).At(0);
    if (options.adapt_resolution) state->adapter.emplace(options.codec, size, bit_rate);
    const media::CodecLoopOptions loop{.codec = CallCodecOf(options.codec),
                                       .size = state->adapter ? state->adapter->size() : size,
                                       .frame_rate = frame_rate,
                                       .bit_rate = bit_rate};
    PEEKPROOF_ASSIGN_OR_RETURN(state->loop, media::CodecLoop::Create(loop));
  }
  return std::unique_ptr<Channel>(new Channel(std::move(state)));
}

Absence Channel::AbsenceAt(double time_s, int64_t bandwidth) {
  // Both keep track of time, so both are asked.
  const bool lost = state_->losses.At(time_s).has_value();
  const bool overflows = state_->dropper.Overflows(time_s, bandwidth);
  if (!std::exchange(state_->started, true)) return Absence::kNone;
  if (lost) return Absence::kLost;
  return state_->options.drop_frames && overflows ? Absence::kRate : Absence::kNone;
}

Result<void> Channel::FollowRate(int64_t bit_rate, bool resized) {
  if (resized) return state_->loop->Restart(state_->adapter->size(), bit_rate);
  return state_->loop->SetBitRate(bit_rate);
}

Result<void> Channel::Code(const cv::Mat3b& frame, double time_s, Sent* sent) {
  if (std::exchange(state_->loses, false)) state_->loop->AskForKeyFrame();
  Scale(frame, state_->loop->options().size, cv::INTER_AREA, &state_->scaled);
  PEEKPROOF_RETURN_IF_ERROR(state_->loop->Pass(state_->scaled, time_s, &state_->looped));
  sent->bytes = state_->looped.bytes;
  sent->key_frame = state_->looped.key_frame;
  sent->quantiser = state_->looped.quantiser;
  state_->dropper.Fill(sent->bytes);
  Scale(state_->looped.bgr, state_->size, cv::INTER_LINEAR, &sent->picture);
  return {};
}

Result<void> Channel::Send(const cv::Mat3b& frame, double time_s, Sent* sent) {
  PEEKPROOF_CHECK(frame.size() == state_->size, "a picture of {}x{} for a channel of {}x{}", frame.cols,
                  frame.rows, state_->size.width, state_->size.height);
  sent->bytes = 0;
  sent->key_frame = false;
  sent->quantiser.reset();
  const int64_t bandwidth = state_->network.At(time_s);
  sent->absence = AbsenceAt(time_s, bandwidth);
  if (state_->loop == nullptr) {
    if (sent->shown()) frame.copyTo(sent->picture);
    return {};
  }
  sent->bandwidth = bandwidth;
  sent->bit_rate = state_->estimate.At(std::max(0.0, time_s - state_->options.reaction_s));
  sent->scale = state_->adapter ? state_->adapter->scale() : 1;
  state_->loses = state_->loses || sent->absence == Absence::kLost;
  if (sent->shown()) {
    const bool resized = state_->adapter && state_->adapter->size() != state_->loop->options().size;
    PEEKPROOF_RETURN_IF_ERROR(FollowRate(sent->bit_rate, resized));
    PEEKPROOF_RETURN_IF_ERROR(Code(frame, time_s, sent));
  }
  // A lost frame tells the sender nothing.
  if (!state_->adapter || sent->absence == Absence::kLost) return {};
  state_->adapter->Add(time_s, sent->bit_rate, !sent->shown(), sent->quantiser);
  return {};
}

}  // namespace peekproof::testbed
