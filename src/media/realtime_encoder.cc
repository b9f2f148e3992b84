// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/realtime_encoder.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

extern "C" {
#include <libavutil/opt.h>
}

namespace peekproof::media {
namespace {

/// WebRTC's distance of key frames.
constexpr int kKeyFrameInterval = 3000;

using OptionList = std::vector<std::pair<const char*, const char*>>;

OptionList OwnOptions(std::string_view codec) {
  if (codec == "libx264") return {{"tune", "zerolatency"}, {"profile", "baseline"}, {"forced-idr", "1"}};
  const OptionList vpx = {{"deadline", "realtime"}, {"lag-in-frames", "0"}, {"undershoot-pct", "100"},
                          {"overshoot-pct", "15"},  {"static-thresh", "1"}, {"max-intra-rate", "300"},
                          {"auto-alt-ref", "0"}};
  OptionList options;
  if (codec.starts_with("libvpx")) options = vpx;
  // Of VP8, the clock chooses the speed where this is positive.
  if (codec == "libvpx") options.emplace_back("cpu-used", "-6");
  if (codec == "libvpx-vp9") options.insert(options.end(), {{"cpu-used", "7"}, {"aq-mode", "3"}});
  if (codec == "libaom-av1") {
    options = {{"usage", "realtime"}, {"cpu-used", "8"},        {"lag-in-frames", "0"},
               {"aq-mode", "3"},      {"undershoot-pct", "50"}, {"overshoot-pct", "50"}};
  }
  return options;
}

/// Equal bounds make a rate constant for libvpx and libaom.
void SetConstantRate(int64_t bit_rate, AVCodecContext* encoder) {
  encoder->bit_rate = bit_rate;
  encoder->rc_max_rate = bit_rate;
  encoder->rc_buffer_size = static_cast<int>(std::min<int64_t>(bit_rate, std::numeric_limits<int>::max()));
}

}  // namespace

void SetForCalls(int64_t bit_rate, AVCodecContext* encoder) {
  PEEKPROOF_CHECK(bit_rate > 0, "a rate of {} bits per second", bit_rate);
  const std::string_view codec = encoder->codec->name;
  SetConstantRate(bit_rate, encoder);
  if (!codec.starts_with("libx26")) encoder->rc_min_rate = bit_rate;
  encoder->rc_initial_buffer_occupancy = encoder->rc_buffer_size / 2;
  encoder->gop_size = kKeyFrameInterval;
  encoder->max_b_frames = 0;
  if (codec.starts_with("libvpx")) {
    encoder->qmin = 2;
    encoder->qmax = 56;
  }
  for (const auto& [name, value] : OwnOptions(codec)) av_opt_set(encoder->priv_data, name, value, 0);
}

bool ChangeRate(int64_t bit_rate, AVCodecContext* encoder) {
  if (std::string_view(encoder->codec->name) != "libx264") return false;
  SetConstantRate(bit_rate, encoder);
  return true;
}

}  // namespace peekproof::media
