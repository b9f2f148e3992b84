// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/seeing_through.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "attacks/attack_entry.h"
#include "attacks/largest_leak_first.h"

namespace peekproof::attacks {
namespace {

/// LeakFinder on whole evidence.
class SeeingThroughRule : public LeakRule {
 public:
  SeeingThroughRule(const SeeingThroughOptions& options, std::shared_ptr<const Wallpaper> wallpaper)
      : wallpaper_(std::move(wallpaper)), finder_(options) {}

  void Find(FrameEvidence* evidence) override {
    finder_.Find(evidence->frame.bgr, *wallpaper_, evidence->engine_mask, evidence->caller, &evidence->leak,
                 &evidence->leak_px);
  }

 private:
  std::shared_ptr<const Wallpaper> wallpaper_;
  LeakFinder finder_;
};

/// What a spec may say.
struct SeeingThroughChoices {
  std::string service = "mediapipe";
  std::string variant = "paper";
};

engines::ParameterSet Bind(SeeingThroughChoices* choices) {
  engines::ParameterSet set("attack");
  set.Choice("service", &choices->service, {"mediapipe", "zoom"}, "Whose set of constants");
  set.Choice("variant", &choices->variant, {"paper", "artifact"},
             "Differences as they are, or rounded to whole numbers as the artifact stores them");
  return set;
}

SeeingThroughOptions OptionsOf(const SeeingThroughChoices& choices) {
  SeeingThroughOptions options =
      choices.service == "zoom" ? SeeingThroughOptions::Zoom() : SeeingThroughOptions::MediaPipe();
  if (choices.variant == "artifact") options.UseArtifactRounding();
  return options;
}

}  // namespace

SeeingThrough::SeeingThrough(const SeeingThroughOptions& options, std::shared_ptr<const Wallpaper> wallpaper)
    : options_(options), wallpaper_(std::move(wallpaper)) {}

std::unique_ptr<LeakRule> SeeingThrough::MakeRule() const {
  return std::make_unique<SeeingThroughRule>(options_, wallpaper_);
}

std::unique_ptr<Gatherer> SeeingThrough::MakeGatherer() const {
  return std::make_unique<LargestLeakFirst>(wallpaper_->bgr.size());
}

AttackEntry SeeingThroughEntry() {
  SeeingThroughChoices defaults;
  return {
      {.name = "seeing-through",
       .description =
           "service's matte, a second segmentation, skin and wallpaper removed; largest leak first",
       .source = "Seeing Through, USENIX Security 2025, sections 4.1 to 4.3, and its artifact's constants",
       .parameters = Bind(&defaults).Describe()},
      [](const engines::Spec& spec, const AttackSetting* setting) -> Result<std::unique_ptr<Attack>> {
        SeeingThroughChoices choices;
        PEEKPROOF_RETURN_IF_ERROR(Bind(&choices).Assign(spec));
        if (setting == nullptr) return std::unique_ptr<Attack>();
        return std::unique_ptr<Attack>(
            std::make_unique<SeeingThrough>(OptionsOf(choices), setting->wallpaper));
      }};
}

}  // namespace peekproof::attacks
