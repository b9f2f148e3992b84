// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engines/spec.h"

namespace peekproof::engines {

/// What a service shows where it has no mask for a frame.
enum class Fallback {
  kBackground,  ///< The background alone: closed.
  kFreeze,      ///< No new frame: the last composite stays (the background alone before the first).
  kOldMask,     ///< The last mask on the new frame, however old (the background alone before the first).
  kRaw,         ///< The camera: open.
};

/// When a service has a mask for a frame, and what it shows where it has none. Lag, stride and failures are
/// part of a profile, since each of them shows pieces of the room.
struct Schedule {
  int lag = 0;          ///< Frames by which the mask trails the picture.
  int stride = 1;       ///< The network runs on every so many frames; between them the mask stays.
  int load_frames = 0;  ///< Frames at the start for which the network is not ready yet.
  int raw_frames = 0;   ///< Frames at the start that are shown raw even though a mask is there.
  std::string on_start = "background";    ///< Fallback before the first mask.
  std::string on_failure = "background";  ///< Fallback where the network fails.
  /// Failures in a row after which the service gives up and shows the camera for good; 0: never.
  int failures_to_raw = 0;

  /// For studies: the network is made to fail on `fail_frames` frames from frame `fail_from` (counted from 0)
  /// on.
  int fail_from = 0;
  int fail_frames = 0;
};

/// The fallback that "background", "freeze", "old-mask" or "raw" names (checked).
Fallback FallbackOf(const std::string& name);

/// Binds all fields under their own names. The schedule must outlive the set.
void BindSchedule(Schedule* schedule, ParameterSet* set);

}  // namespace peekproof::engines
