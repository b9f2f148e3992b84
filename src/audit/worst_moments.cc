// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/worst_moments.h"

#include <algorithm>
#include <cmath>

namespace peekproof::audit {

bool WorstMoments::Wants(double time_s, double leak_share) const {
  if (!(leak_share > 0)) return false;
  for (const WorstMoment& moment : moments_) {
    const bool near = std::abs(moment.time_s - time_s) < kApartSeconds;
    if (near && moment.leak_share >= leak_share) return false;
  }
  return moments_.size() < kMaxMoments || moments_.back().leak_share < leak_share;
}

void WorstMoments::Keep(WorstMoment moment) {
  std::erase_if(moments_, [&](const WorstMoment& other) {
    return std::abs(other.time_s - moment.time_s) < kApartSeconds;
  });
  const auto place = std::find_if(moments_.begin(), moments_.end(), [&](const WorstMoment& other) {
    return other.leak_share < moment.leak_share;
  });
  moments_.insert(place, std::move(moment));
  if (moments_.size() > kMaxMoments) moments_.pop_back();
}

}  // namespace peekproof::audit
