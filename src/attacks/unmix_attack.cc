// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "attacks/attack_entry.h"
#include "attacks/live_unmix.h"
#include "attacks/unmix.h"

namespace peekproof::attacks {
namespace {

struct UnmixSpec {
  UnmixOptions options;
  bool live = false;
};

/// Unmix behind the attacks' interface.
class UnmixAttack : public Attack {
 public:
  UnmixAttack(const UnmixSpec& spec, AttackSetting setting) : spec_(spec), setting_(std::move(setting)) {}

  bool has_candidates() const override { return false; }
  std::unique_ptr<Gatherer> MakeGatherer() const override {
    if (spec_.live)
      return std::make_unique<LiveUnmix>(setting_.wallpaper->bgr.size(), setting_.blend, spec_.options);
    return std::make_unique<Unmix>(setting_.wallpaper, setting_.blend, spec_.options);
  }

 private:
  UnmixSpec spec_;
  AttackSetting setting_;
};

engines::ParameterSet Bind(UnmixSpec* spec) {
  engines::ParameterSet set("attack");
  set.Number("min_confidence", &spec->options.min_confidence, 0, 1, "Estimates below are absent");
  set.Integer("min_contrast", &spec->options.min_contrast, 0, 255,
              "Estimates that differ by less from the wallpaper are absent, 8-bit steps");
  set.Number("least_information", &spec->options.least_information, 1e-6F, 1e6F,
             "Least sum of belief^2 * alpha^2 over all frames");
  set.Integer("every", &spec->options.every, 1, 1000, "Every how many frames one is looked at");
  set.Flag("live", &spec->live, "One pass: learns the wallpaper while it looks, as a live meter must");
  return set;
}

}  // namespace

AttackEntry UnmixEntry() {
  UnmixSpec defaults;
  return {{.name = "unmix",
           .description = "un-blends what rims show, with the confidence of each pixel",
           .source = "ours",
           .parameters = Bind(&defaults).Describe()},
          [](const engines::Spec& spec, const AttackSetting* setting) -> Result<std::unique_ptr<Attack>> {
            UnmixSpec own;
            PEEKPROOF_RETURN_IF_ERROR(Bind(&own).Assign(spec));
            if (setting == nullptr) return std::unique_ptr<Attack>();
            return std::unique_ptr<Attack>(std::make_unique<UnmixAttack>(own, *setting));
          }};
}

}  // namespace peekproof::attacks
