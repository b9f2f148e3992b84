// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/channel_options.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "testbed/option_texts.h"

namespace peekproof::testbed {
namespace {

constexpr std::array<std::pair<ChannelCodec, std::string_view>, 5> kCodecNames = {
    {{ChannelCodec::kLossless, "lossless"},
     {ChannelCodec::kH264, "h264"},
     {ChannelCodec::kVp8, "vp8"},
     {ChannelCodec::kVp9, "vp9"},
     {ChannelCodec::kAv1, "av1"}}};

Result<void> CheckBitRate(int64_t bit_rate) {
  const media::CodecLoopOptions loop{.bit_rate = bit_rate};
  return loop.Validate();
}

/// per_minute: how many; what: their name in messages.
Result<void> CheckSpans(const char* what, double per_minute, double shortest_s, double longest_s) {
  if (!(per_minute >= 0 && per_minute <= 600))
    return Invalid(fmt::format("{} {} a minute are out of range; give 0 to 600", per_minute, what));
  if (!(shortest_s > 0 && shortest_s <= longest_s && longest_s <= 600))
    return Invalid(fmt::format("{} of {} to {} s: give two growing times from above 0 to 600", what,
                               shortest_s, longest_s));
  if (!(per_minute * (shortest_s + longest_s) / 2 < 60))
    return Invalid(
        fmt::format("{} {} a minute of {} to {} s leave no time between them; give fewer or shorter",
                    per_minute, what, shortest_s, longest_s));
  return {};
}

Result<void> CheckSteps(const std::vector<BandwidthStep>& steps) {
  double last_s = -1;
  for (const BandwidthStep& step : steps) {
    if (!(step.time_s >= 0 && step.time_s > last_s))
      return Invalid(fmt::format("bandwidth step at {} s: times start at 0 and grow", step.time_s));
    PEEKPROOF_RETURN_IF_ERROR(CheckBitRate(step.bit_rate));
    last_s = step.time_s;
  }
  return {};
}

}  // namespace

std::string_view ChannelCodecName(ChannelCodec codec) {
  for (const auto& [known, name] : kCodecNames) {
    if (known == codec) return name;
  }
  PEEKPROOF_CHECK(false, "no such codec");
}

Result<ChannelCodec> ParseChannelCodec(std::string_view name) {
  std::string all;
  for (const auto& [codec, known] : kCodecNames) {
    if (known == name) return codec;
    all += fmt::format("{}{}", all.empty() ? "" : ", ", known);
  }
  return Invalid(fmt::format("there is no channel codec \"{}\"; choose one of: {}", name, all));
}

media::CallCodec CallCodecOf(ChannelCodec codec) {
  switch (codec) {
    case ChannelCodec::kLossless:
      break;
    case ChannelCodec::kH264:
      return media::CallCodec::kH264;
    case ChannelCodec::kVp8:
      return media::CallCodec::kVp8;
    case ChannelCodec::kVp9:
      return media::CallCodec::kVp9;
    case ChannelCodec::kAv1:
      return media::CallCodec::kAv1;
  }
  PEEKPROOF_CHECK(false, "a call's codec is lossy");
}

Result<void> ChannelOptions::Validate() const {
  PEEKPROOF_RETURN_IF_ERROR(CheckSpans("bandwidth dips", dips.per_minute, dips.shortest_s, dips.longest_s));
  PEEKPROOF_RETURN_IF_ERROR(
      CheckSpans("loss bursts", losses.per_minute, losses.shortest_s, losses.longest_s));
  if (!(dips.least_share > 0 && dips.least_share <= dips.largest_share && dips.largest_share <= 1))
    return Invalid(fmt::format("dips to {} to {} of the bandwidth: give two growing shares from above 0 to 1",
                               dips.least_share, dips.largest_share));
  if (!(reaction_s >= 0 && reaction_s <= 60))
    return Invalid(fmt::format("reaction after {} s is out of range; give 0 to 60", reaction_s));
  if (!(bucket_s > 0 && bucket_s <= 60))
    return Invalid(fmt::format("a bucket of {} s is out of range; give above 0, up to 60", bucket_s));
  if (codec == ChannelCodec::kLossless) {
    if (bandwidth.empty() && dips.per_minute == 0 && !drop_frames && !adapt_resolution) return {};
    return Invalid(
        "a lossless channel has no bit rate to adapt: leave out bandwidth steps, dips, the frame "
        "dropper and resolution switches, or choose another codec");
  }
  PEEKPROOF_RETURN_IF_ERROR(CheckBitRate(bit_rate));
  return CheckSteps(bandwidth);
}

bool ChannelOptions::IsPlain() const {
  return bandwidth.empty() && dips.per_minute == 0 && losses.per_minute == 0 && !drop_frames &&
         !adapt_resolution;
}

Recording RecordingOf(const ChannelOptions& options, cv::Size size, double frame_rate) {
  if (options.IsPlain() && options.codec != ChannelCodec::kLossless) {
    const bool mp4 = options.codec == ChannelCodec::kH264;
    return {media::WriterOptionsForCalls({.codec = CallCodecOf(options.codec),
                                          .size = size,
                                          .frame_rate = frame_rate,
                                          .bit_rate = options.bit_rate}),
            mp4 ? ".mp4" : ".webm"};
  }
  Recording exact;
  exact.writer.codec = "libx264rgb";
  exact.writer.crf = 0;
  exact.writer.frame_rate = frame_rate;
  return exact;
}

}  // namespace peekproof::testbed
