// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/guard_state.h"

namespace peekproof::engines {

const char* NameOf(GuardPhase phase) {
  switch (phase) {
    case GuardPhase::kOpening:
      return "opening";
    case GuardPhase::kOpen:
      return "open";
    case GuardPhase::kAgeing:
      return "ageing";
    case GuardPhase::kStale:
      return "stale";
    case GuardPhase::kNewSize:
      return "new size";
    case GuardPhase::kLate:
      return "late";
    case GuardPhase::kNewScene:
      break;
  }
  return "new scene";
}

GuardPhase GuardState::PhaseOf(const GuardSight& sight) const {
  if (started_ && sight.size != size_) return GuardPhase::kNewSize;
  const double gap_s = sight.time_s - time_s_;
  if (started_ && !(gap_s >= 0 && gap_s <= limits_.most_gap_s)) return GuardPhase::kLate;
  if (sight.changed > limits_.most_change) return GuardPhase::kNewScene;
  if (sight.mask_age < 0 || sight.mask_age > limits_.most_mask_age) return GuardPhase::kStale;
  if (sight.failed || sight.mask_age > 0) return GuardPhase::kAgeing;
  return GuardPhase::kOpen;
}

GuardDecision GuardState::Next(const GuardSight& sight) {
  GuardDecision decision;
  decision.phase = PhaseOf(sight);
  started_ = true;
  size_ = sight.size;
  time_s_ = sight.time_s;
  const bool usable = decision.phase == GuardPhase::kOpen || decision.phase == GuardPhase::kAgeing;
  if (!usable) {
    good_masks_ = 0;
    decision.forget_masks = true;
    decision.forget_room = decision.phase == GuardPhase::kNewSize || decision.phase == GuardPhase::kNewScene;
    return decision;
  }
  if (!sight.failed && good_masks_ < limits_.open_masks) ++good_masks_;
  decision.show_caller = good_masks_ >= limits_.open_masks;
  if (!decision.show_caller) decision.phase = GuardPhase::kOpening;
  return decision;
}

void GuardState::Reset() { *this = GuardState(limits_); }

}  // namespace peekproof::engines
