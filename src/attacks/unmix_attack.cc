// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "attacks/attack_entry.h"
#include "attacks/unmix.h"

namespace peekproof::attacks {
namespace {

/// Unmix behind the attacks' interface.
class UnmixAttack : public Attack {
 public:
  UnmixAttack(const UnmixOptions& options, AttackSetting setting)
      : options_(options), setting_(std::move(setting)) {}

  bool has_candidates() const override { return false; }
  std::unique_ptr<Gatherer> MakeGatherer() const override {
    return std::make_unique<Unmix>(setting_.wallpaper, setting_.blend, options_);
  }

 private:
  UnmixOptions options_;
  AttackSetting setting_;
};

engines::ParameterSet Bind(UnmixOptions* options) {
  engines::ParameterSet set("attack");
  set.Number("min_confidence", &options->min_confidence, 0, 1, "Estimates below are absent");
  set.Number("min_gap", &options->min_gap_s, 0, 600, "Seconds between two kept observations of a pixel");
  set.Integer("min_support", &options->solver.min_support, 1, Unmix::kSlots, "Observations that must agree");
  return set;
}

}  // namespace

AttackEntry UnmixEntry() {
  UnmixOptions defaults;
  return {{.name = "unmix",
           .description = "un-blends what rims show, with the confidence of each pixel",
           .source = "ours",
           .parameters = Bind(&defaults).Describe()},
          [](const engines::Spec& spec, const AttackSetting* setting) -> Result<std::unique_ptr<Attack>> {
            UnmixOptions options;
            PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
            if (setting == nullptr) return std::unique_ptr<Attack>();
            return std::unique_ptr<Attack>(std::make_unique<UnmixAttack>(options, *setting));
          }};
}

}  // namespace peekproof::attacks
