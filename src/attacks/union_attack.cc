// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "attacks/attack_entry.h"
#include "attacks/largest_leak_first.h"

namespace peekproof::attacks {
namespace {

using Attacks = std::vector<std::unique_ptr<Attack>>;

/// The candidates of all that have any, together.
class UnionRule : public LeakRule {
 public:
  explicit UnionRule(const Attacks& attacks) {
    for (const auto& attack : attacks)
      if (attack->has_candidates()) rules_.push_back(attack->MakeRule());
  }

  void Find(FrameEvidence* evidence) override {
    all_.create(evidence->frame.bgr.size());
    all_.setTo(0);
    for (const auto& rule : rules_) {
      rule->Find(evidence);
      all_ |= evidence->leak.values;
    }
    all_.copyTo(evidence->leak.values);
    evidence->leak_px = cv::countNonZero(all_);
  }

 private:
  std::vector<std::unique_ptr<LeakRule>> rules_;
  cv::Mat1b all_;
};

/// Frames by the paper's merging step, then the pictures of those that have no candidates.
class UnionGatherer : public Gatherer {
 public:
  UnionGatherer(const Attacks& attacks, cv::Size size) : merged_(size) {
    for (const auto& attack : attacks) {
      if (attack->has_candidates()) continue;
      Part part{attack->MakeRule(), attack->MakeGatherer(), {}};
      parts_.push_back(std::move(part));
    }
  }

  void Add(const FrameEvidence& evidence) override {
    merged_.Add(evidence);
    for (Part& part : parts_) {
      part.evidence = evidence;
      part.evidence.leak = {};
      if (part.rule) part.rule->Find(&part.evidence);
      part.gatherer->Add(part.evidence);
    }
  }

  image::Reconstruction Finish() override {
    image::Reconstruction room = merged_.Finish();
    for (Part& part : parts_) {
      const image::Reconstruction more = part.gatherer->Finish();
      const cv::Mat1b missing(room.evidence == 0);
      more.bgr.copyTo(room.bgr, missing);
      more.confidence.copyTo(room.confidence, missing);
      more.evidence.copyTo(room.evidence, missing);
      more.first_seen_s.copyTo(room.first_seen_s, missing);
      more.last_seen_s.copyTo(room.last_seen_s, missing);
    }
    return room;
  }

 private:
  struct Part {
    std::unique_ptr<LeakRule> rule;
    std::unique_ptr<Gatherer> gatherer;
    FrameEvidence evidence;
  };
  LargestLeakFirst merged_;
  std::vector<Part> parts_;
};

/// Several attacks as one: what any of them takes for a candidate is one, and the frames are merged by the
/// largest leak first (paper section 4.3). Attacks that have no candidates of single frames come after the
/// frames: their pictures fill what is still free, in the order named.
class Union : public Attack {
 public:
  Union(Attacks attacks, cv::Size size) : attacks_(std::move(attacks)), size_(size) {}

  int surveys() const override {
    int surveys = 0;
    for (const auto& attack : attacks_) surveys = std::max(surveys, attack->surveys());
    return surveys;
  }
  void Survey(int survey, const image::Frame& frame) override {
    for (const auto& attack : attacks_)
      if (survey < attack->surveys()) attack->Survey(survey, frame);
  }
  std::unique_ptr<LeakRule> MakeRule() const override { return std::make_unique<UnionRule>(attacks_); }
  std::unique_ptr<Gatherer> MakeGatherer() const override {
    return std::make_unique<UnionGatherer>(attacks_, size_);
  }

 private:
  Attacks attacks_;
  cv::Size size_;
};

struct UnionChoices {
  std::string attacks = "seeing-through+background-buster+spying-through";
};

engines::ParameterSet Bind(UnionChoices* choices) {
  engines::ParameterSet set("attack");
  set.Text("attacks", &choices->attacks, "Names of attacks, with their own defaults, joined by +");
  return set;
}

/// The names between the plus signs.
std::vector<std::string> NamesIn(const std::string& text) {
  std::vector<std::string> names(1);
  for (const char letter : text) {
    if (letter == '+')
      names.emplace_back();
    else
      names.back().push_back(letter);
  }
  return names;
}

Result<std::unique_ptr<Attack>> MakeUnion(const engines::Spec& spec, const AttackSetting* setting) {
  UnionChoices choices;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&choices).Assign(spec));
  Attacks attacks;
  for (const std::string& name : NamesIn(choices.attacks)) {
    if (name == "union") return Error{ErrorCode::kInvalidArgument, "a union cannot hold a union"};
    PEEKPROOF_RETURN_IF_ERROR(CheckAttack(name));
    if (setting == nullptr) continue;
    PEEKPROOF_ASSIGN_OR_RETURN(auto attack, MakeAttack(name, *setting));
    attacks.push_back(std::move(attack));
  }
  if (setting == nullptr) return std::unique_ptr<Attack>();
  return std::unique_ptr<Attack>(std::make_unique<Union>(std::move(attacks), setting->wallpaper->bgr.size()));
}

}  // namespace

AttackEntry UnionEntry() {
  UnionChoices defaults;
  return {{.name = "union",
           .description = "several attacks, gathered together by the largest leak first",
           .source = "Seeing Through, section 4.3, applied to others as its evaluation does",
           .parameters = Bind(&defaults).Describe()},
          MakeUnion};
}

}  // namespace peekproof::attacks
