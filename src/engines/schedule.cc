// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/schedule.h"

#include "base/check.h"

namespace peekproof::engines {

Fallback FallbackOf(const std::string& name) {
  if (name == "background") return Fallback::kBackground;
  if (name == "freeze") return Fallback::kFreeze;
  if (name == "old-mask") return Fallback::kOldMask;
  PEEKPROOF_CHECK(name == "raw", "fallback {}", name);
  return Fallback::kRaw;
}

void BindSchedule(Schedule* schedule, ParameterSet* set) {
  constexpr int kMost = 1'000'000;
  const std::vector<std::string> fallbacks = {"background", "freeze", "old-mask", "raw"};
  set->Integer("lag", &schedule->lag, 0, 60, "frames by which the mask trails the picture");
  set->Integer("stride", &schedule->stride, 1, 300, "the network runs on every so many frames");
  set->Integer("load_frames", &schedule->load_frames, 0, kMost,
               "frames at the start for which the network is not ready");
  set->Integer("raw_frames", &schedule->raw_frames, 0, kMost, "frames at the start that are shown raw");
  set->Choice("on_start", &schedule->on_start, fallbacks, "what shows before the first mask");
  set->Choice("on_failure", &schedule->on_failure, fallbacks, "what shows where the network fails");
  set->Integer("failures_to_raw", &schedule->failures_to_raw, 0, kMost,
               "failures in a row after which the camera shows for good, 0: never");
  set->Integer("fail_from", &schedule->fail_from, 0, kMost, "for studies: first frame of a made failure");
  set->Integer("fail_frames", &schedule->fail_frames, 0, kMost, "for studies: length of a made failure");
}

}  // namespace peekproof::engines
