// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace peekproof::media {

/// Times closer than this are the same: half a tick of the finest usual time base.
inline constexpr double kTimeTolerance = 1e-6;
/// A fall by more than this is a joined or wrapped recording.
inline constexpr double kJumpBackSeconds = 0.5;

/// Turns a stream's timestamps into seconds from its first frame that always grow.
///
/// A missing timestamp is one frame interval after its predecessor. One that repeats or falls slightly back
/// is put just behind its predecessor. A fall of more than half a second (a joined or wrapped recording)
/// moves everything that follows.
class Timeline {
 public:
  /// seconds_per_tick: the stream's time base. frame_interval_s: the stated average.
  Timeline(double seconds_per_tick, double frame_interval_s);

  /// Time of the next frame in presentation order.
  double Next(std::optional<int64_t> timestamp);
  /// Forgets the predecessor, for after a jump, but keeps the origin.
  void Jump();
  /// Timestamp that stands at a time, for jumping there.
  int64_t TimestampAt(double time_s) const;
  bool has_origin() const { return origin_.has_value(); }
  /// Where time 0 lies on the stream's own clock; 0 while nothing has a timestamp.
  double origin_s() const { return origin_s_; }

 private:
  const double seconds_per_tick_;
  const double frame_interval_s_;
  std::optional<int64_t> origin_;
  double origin_s_ = 0;
  std::optional<double> previous_s_;
  double shift_s_ = 0;
};

}  // namespace peekproof::media
