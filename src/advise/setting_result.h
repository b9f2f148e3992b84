// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audit/remedy.h"

namespace peekproof::advise {

/// What a setting would have let through, and its price. Shares are 0 to 1.
struct SettingResult {
  audit::Remedy remedy;
  double leak = 0;     ///< Weighted leak, share of the room; the mean over the calls.
  double least = 0;    ///< Of a single call,
  double largest = 0;  ///< and the most of one.
  /// Share of the caller's area that is missing; none where there is no truth to tell.
  std::optional<double> lost;
  double closed = 0;  ///< Share of the frames that show no caller on purpose, or no new picture.
  double ms = 0;      ///< Median time of a frame, network included; the mean over the calls.
};

/// Settings that were tried on the same frames.
struct TrialResults {
  std::vector<SettingResult> settings;  ///< In the order of the remedies.
  int calls = 0;                        ///< Over which the means are.
  int64_t frames = 0;                   ///< Of each call.
  bool interrupted = false;             ///< Fewer calls, frames or settings than were asked for.
};

}  // namespace peekproof::advise
