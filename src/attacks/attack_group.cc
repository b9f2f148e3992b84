// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/attack_group.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"

namespace peekproof::attacks {
namespace {

/// Adds the time that it lives to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double* seconds) : seconds_(seconds), start_(std::chrono::steady_clock::now()) {}
  ~Stopwatch() {
    *seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double* seconds_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace

Result<std::unique_ptr<AttackGroup>> AttackGroup::Make(const std::vector<std::string>& specs,
                                                       const AttackSetting& setting) {
  std::vector<Member> members;
  for (const std::string& spec : specs) {
    PEEKPROOF_ASSIGN_OR_RETURN(auto attack, MakeAttack(spec, setting));
    members.push_back({spec, std::move(attack), nullptr, 0});
  }
  return std::unique_ptr<AttackGroup>(new AttackGroup(std::move(members)));
}

int AttackGroup::surveys() const {
  int surveys = 0;
  for (const Member& member : members_) surveys = std::max(surveys, member.attack->surveys());
  return surveys;
}

void AttackGroup::Survey(int survey, const image::Frame& frame) {
  for (Member& member : members_) {
    const Stopwatch watch(&member.seconds);
    if (survey < member.attack->surveys()) member.attack->Survey(survey, frame);
  }
}

void AttackGroup::Rules::Find(FrameEvidence* evidence, std::vector<Candidates>* candidates) {
  candidates->resize(rules_.size());
  for (size_t i = 0; i < rules_.size(); ++i) {
    Candidates& found = (*candidates)[i];
    found.seconds = 0;
    const Stopwatch watch(&found.seconds);
    if (!rules_[i]) continue;
    std::swap(evidence->leak, found.leak);  // The buffers of the frame before.
    rules_[i]->Find(evidence);
    std::swap(evidence->leak, found.leak);
    found.leak_px = evidence->leak_px;
  }
}

AttackGroup::Rules AttackGroup::MakeRules() const {
  Rules rules;
  for (const Member& member : members_) rules.rules_.push_back(member.attack->MakeRule());
  return rules;
}

void AttackGroup::Add(FrameEvidence* evidence, const std::vector<Candidates>& candidates) {
  PEEKPROOF_CHECK(candidates.size() == members_.size(), "candidates of other attacks");
  for (size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    const Stopwatch watch(&member.seconds);
    if (!member.gatherer) member.gatherer = member.attack->MakeGatherer();
    evidence->leak = candidates[i].leak;
    evidence->leak_px = candidates[i].leak_px;
    member.gatherer->Add(*evidence);
    member.seconds += candidates[i].seconds;
  }
}

std::vector<AttackOutcome> AttackGroup::Finish() {
  std::vector<AttackOutcome> outcomes;
  for (Member& member : members_) {
    AttackOutcome outcome{member.spec, {}, 0};
    {
      const Stopwatch watch(&member.seconds);
      if (!member.gatherer) member.gatherer = member.attack->MakeGatherer();
      outcome.room = member.gatherer->Finish();
    }
    outcome.seconds = member.seconds;
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace peekproof::attacks
