// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/timeline.h"

namespace peekproof::audit {

void Timeline::Add(double time_s, double leak_share, double revealed_share) {
  if (bins_.empty() || bins_.back().frames >= frames_per_bin_) {
    if (bins_.size() >= kMaxSamples) MergeNeighbours();
    bins_.push_back({.time_s = time_s});
  }
  Bin& bin = bins_.back();
  bin.leak_sum += leak_share;
  bin.revealed_share = revealed_share;
  ++bin.frames;
}

void Timeline::MergeNeighbours() {
  for (size_t i = 0; i < bins_.size() / 2; ++i) {
    const Bin& first = bins_[2 * i];
    const Bin& second = bins_[2 * i + 1];
    bins_[i] = {.time_s = first.time_s,
                .leak_sum = first.leak_sum + second.leak_sum,
                .revealed_share = second.revealed_share,
                .frames = first.frames + second.frames};
  }
  bins_.resize(bins_.size() / 2);
  frames_per_bin_ *= 2;
}

std::vector<LeakSample> Timeline::Samples() const {
  std::vector<LeakSample> samples;
  samples.reserve(bins_.size());
  for (const Bin& bin : bins_) {
    samples.push_back({.time_s = bin.time_s,
                       .leak_share = bin.leak_sum / static_cast<double>(bin.frames),
                       .revealed_share = bin.revealed_share});
  }
  return samples;
}

}  // namespace peekproof::audit
