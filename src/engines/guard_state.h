// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::engines {

/// When the guard opens and when it closes.
struct GuardLimits {
  int open_masks = 3;        ///< Good masks in a row before anything but the background is shown; at least 1.
  int most_mask_age = 2;     ///< Frames; a mask older than this is no mask.
  double most_gap_s = 0.5;   ///< Time between two frames from which on the second one came late.
  double most_change = 0.6;  ///< Share of the known room that may differ at once before it is another scene.
};

/// What is known of one frame before it is decided on.
struct GuardSight {
  cv::Size size;
  double time_s = 0;
  int mask_age = -1;    ///< Frames since the mask's picture; -1: there is no mask.
  bool failed = false;  ///< The network failed on this frame.
  double changed = 0;   ///< Share of the known room that differs from what is known of it, 0 to 1.
};

/// Why the guard shows what it shows.
enum class GuardPhase {
  kOpening,   ///< Too few good masks in a row since it last had a reason to close.
  kOpen,      ///< A mask of this frame's own picture.
  kAgeing,    ///< An older mask, within the limit.
  kStale,     ///< The mask is too old, or there is none.
  kNewSize,   ///< The frame has another size than the one before it.
  kLate,      ///< The frame came late: what was known of the caller's motion does not hold.
  kNewScene,  ///< Another camera, or the lights: most of the room differs.
};

/// "opening", "open", ...: for results and tests.
const char* NameOf(GuardPhase phase);

/// What to do with one frame.
struct GuardDecision {
  GuardPhase phase = GuardPhase::kOpening;
  bool show_caller = false;   ///< False: the background alone.
  bool forget_masks = false;  ///< What earlier masks said of the caller does not hold for this frame.
  bool forget_room = false;   ///< What was learnt of the room does not hold.
};

/// The guard's state machine: decides for every frame whether the caller may be shown at all. Closed is where
/// it starts and where every doubt leads; it opens after `open_masks` frames without one.
///
/// Source  Ours; the cases are those in which services were found to show the room (reference notes on
///         fail-open designs: start, failure, change of size or camera, stall).
class GuardState {
 public:
  explicit GuardState(const GuardLimits& limits) : limits_(limits) {}

  GuardDecision Next(const GuardSight& sight);
  /// As after construction.
  void Reset();

 private:
  GuardPhase PhaseOf(const GuardSight& sight) const;

  GuardLimits limits_;
  cv::Size size_;
  double time_s_ = 0;
  bool started_ = false;
  int good_masks_ = 0;  ///< In a row.
};

}  // namespace peekproof::engines
