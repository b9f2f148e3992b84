// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/timeline.h"

#include <cmath>
#include <limits>

namespace peekproof::media {
namespace {

constexpr double kSmallestStepSeconds = 1e-4;

}  // namespace

Timeline::Timeline(double seconds_per_tick, double frame_interval_s)
    : seconds_per_tick_(seconds_per_tick), frame_interval_s_(frame_interval_s) {}

double Timeline::Next(std::optional<int64_t> timestamp) {
  double time_s = previous_s_ ? *previous_s_ + frame_interval_s_ : 0;
  if (timestamp) {
    if (!origin_) {
      // Frames before the first timestamp count back from it.
      const double before_s = time_s;
      origin_ = *timestamp;
      shift_s_ = before_s;
      origin_s_ = static_cast<double>(*timestamp) * seconds_per_tick_ - before_s;
    }
    // Differences in double: hostile timestamps may be far enough apart to overflow integers.
    time_s = (static_cast<double>(*timestamp) - static_cast<double>(*origin_)) * seconds_per_tick_ + shift_s_;
  }
  if (previous_s_ && time_s <= *previous_s_) {
    const bool joined = *previous_s_ - time_s > kJumpBackSeconds;
    const double step_s = joined ? frame_interval_s_ : kSmallestStepSeconds;
    // The second matters for absurd timestamps only.
    const double corrected_s = std::fmax(
        *previous_s_ + step_s, std::nextafter(*previous_s_, std::numeric_limits<double>::infinity()));
    if (joined) shift_s_ += corrected_s - time_s;
    time_s = corrected_s;
  }
  previous_s_ = time_s;
  return time_s;
}

void Timeline::Jump() { previous_s_.reset(); }

int64_t Timeline::TimestampAt(double time_s) const {
  const double ticks = std::floor((time_s - shift_s_) / seconds_per_tick_);
  const double timestamp = ticks + static_cast<double>(origin_.value_or(0));
  constexpr double kLimit = 9.0e18;
  return static_cast<int64_t>(std::fmin(std::fmax(timestamp, -kLimit), kLimit));
}

}  // namespace peekproof::media
