// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "attacks/make_attack.h"
#include "base/result.h"
#include "image/reconstruction.h"

namespace peekproof::attacks {

/// What an attack of a group recovered, and at what cost.
struct AttackOutcome {
  std::string spec;
  image::Reconstruction room;
  double seconds = 0;  ///< Of wall time in its own steps on all frames; shared networks and decoding are not.
};

/// Several attacks on one recording, which share its frames and masks.
class AttackGroup {
 public:
  /// Errors  MakeAttack's.
  static Result<std::unique_ptr<AttackGroup>> Make(const std::vector<std::string>& specs,
                                                   const AttackSetting& setting);

  int surveys() const;
  void Survey(int survey, const image::Frame& frame);

  /// What the rules found in one frame, one for each attack; empty where an attack has no rule.
  struct Candidates {
    image::BinaryMask leak;
    int64_t leak_px = 0;
    double seconds = 0;
  };
  /// The rules of one thread.
  class Rules {
   public:
    /// In      evidence: its leak and leak_px are overwritten.
    void Find(FrameEvidence* evidence, std::vector<Candidates>* candidates);

   private:
    friend class AttackGroup;
    std::vector<std::unique_ptr<LeakRule>> rules_;
  };
  /// After the surveys. The group must outlive them.
  Rules MakeRules() const;

  /// Gathers a frame, in presentation order. evidence: its leak and leak_px are overwritten.
  void Add(FrameEvidence* evidence, const std::vector<Candidates>& candidates);
  std::vector<AttackOutcome> Finish();

 private:
  struct Member {
    std::string spec;
    std::unique_ptr<Attack> attack;
    std::unique_ptr<Gatherer> gatherer;  ///< From the first frame on.
    double seconds = 0;
  };
  explicit AttackGroup(std::vector<Member> members) : members_(std::move(members)) {}

  std::vector<Member> members_;
};

}  // namespace peekproof::attacks
