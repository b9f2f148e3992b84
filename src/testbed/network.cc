// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"

namespace peekproof::testbed {
namespace {

constexpr uint64_t kDipStream = 0xd1b;
constexpr int64_t kLeastBandwidth = 10'000;

}  // namespace

SeededSpans::SeededSpans(uint64_t seed, uint64_t stream, double per_minute, double shortest_s,
                         double longest_s)
    : seed_(seed),
      stream_(stream),
      mean_pause_s_(per_minute > 0 ? 60 / per_minute - (shortest_s + longest_s) / 2
                                   : std::numeric_limits<double>::infinity()),
      shortest_s_(shortest_s),
      longest_s_(longest_s) {
  Advance();
}

void SeededSpans::Advance() {
  RowRandom random(seed_, stream_, count_++);
  const double pause = -std::log1p(-random.Uniform());
  start_s_ = std::isfinite(mean_pause_s_) ? end_s_ + mean_pause_s_ * pause : mean_pause_s_;
  end_s_ = start_s_ + random.Uniform(shortest_s_, longest_s_);
  mark_ = random.Uniform();
}

std::optional<double> SeededSpans::At(double time_s) {
  while (time_s >= end_s_) Advance();
  if (time_s < start_s_) return std::nullopt;
  return mark_;
}

Bandwidth::Bandwidth(const ChannelOptions& options, uint64_t seed)
    : bit_rate_(options.bit_rate),
      steps_(options.bandwidth),
      dip_options_(options.dips),
      dips_(seed, kDipStream, options.dips.per_minute, options.dips.shortest_s, options.dips.longest_s) {}

int64_t Bandwidth::At(double time_s) {
  int64_t bit_rate = bit_rate_;
  for (const BandwidthStep& step : steps_) {
    if (step.time_s <= time_s) bit_rate = step.bit_rate;
  }
  const std::optional<double> dip = dips_.At(time_s);
  if (!dip) return bit_rate;
  const double share =
      dip_options_.least_share + *dip * (dip_options_.largest_share - dip_options_.least_share);
  return std::max<int64_t>(kLeastBandwidth, std::llround(static_cast<double>(bit_rate) * share));
}

bool FrameDropper::Overflows(double time_s, int64_t bandwidth) {
  const double carried = static_cast<double>(bandwidth) * std::max(0.0, time_s - time_s_);
  bits_ = std::max(0.0, bits_ - carried);
  time_s_ = time_s;
  return bits_ > bucket_s_ * static_cast<double>(bandwidth);
}

}  // namespace peekproof::testbed
