// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/remedy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "audit/engine_cues.h"
#include "engines/spec.h"

namespace peekproof::audit {
namespace {

constexpr const char* kGuard = "guard";
constexpr double kEquallyClosed = 0.0005;  // Less is not worth a piece of the caller.
constexpr int kNoise = 12;                 // In 8-bit steps; what docs/guard.md names.

/// A published defense behind a service's mask.
struct Defense {
  const char* parameter;
  const char* value;
  const char* action;
};
constexpr std::array<Defense, 3> kDefenses = {{
    {"defend_choke", "10",
     "Shrink the mask by ten pixels, where your program lets you; a rim of you goes with it."},
    {"defend_clip", "0.5",
     "Drop mask values up to a half, where your program lets you: the faint fringe goes."},
    {"defend_matting", "yes",
     "Let the mask follow the picture's edges (a guided filter at full resolution), where your program lets "
     "you."},
}};

/// A strength of guard.
struct Strength {
  const char* spec;
  const char* price;
};
constexpr std::array<Strength, 3> kStrengths = {{
    {"guard(strength=natural)", "looks first"},
    {"guard", "balanced"},
    {"guard(strength=strict)", "hides whatever is in doubt, and more of you with it"},
}};

bool Has(const engines::Spec& spec, const std::string& key) {
  return std::any_of(spec.values.begin(), spec.values.end(),
                     [&](const auto& value) { return value.first == key; });
}

Remedy AsItIs(const std::string& engine) {
  return {.setting = kAsItIs, .engine = engine, .action = "Change nothing."};
}

/// What guard learns of the room before a call is the second of two remedies.
void AddGuard(const std::string& spec, const std::string& how, bool setup, std::vector<Remedy>* remedies) {
  const std::string put_in =
      fmt::format("Put the background in with peekproof apply --engine \"{}\"{}", spec, how);
  Remedy remedy{.setting = spec, .engine = spec, .setup = setup, .action = fmt::format("{}.", put_in)};
  if (setup) {
    remedy.setting += ", set-up shot";
    remedy.action =
        fmt::format("{}, and film two seconds of your empty room before the call (--plate).", put_in);
  }
  remedies->push_back(std::move(remedy));
}

void AddDefenses(const std::string& engine, const engines::Spec& spec, std::vector<Remedy>* remedies) {
  for (const Defense& defense : kDefenses) {
    if (spec.name == kGuard || Has(spec, defense.parameter)) continue;
    const std::string defended = engines::WithParameter(engine, defense.parameter, defense.value);
    remedies->push_back({.setting = defended, .engine = defended, .action = defense.action});
  }
}

}  // namespace

Result<std::vector<Remedy>> RemediesFor(const std::string& engine) {
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec spec, engines::ParseSpec(engine));
  std::vector<Remedy> remedies{AsItIs(engine)};
  AddDefenses(engine, spec, &remedies);
  remedies.push_back({.setting = fmt::format("{}, noise on the background", engine),
                      .engine = engine,
                      .background_noise = kNoise,
                      .action = "Put noise on your background picture: it hides nothing, what shows is only "
                                "harder to gather."});
  for (const char* other : kCandidateEngines) {
    if (spec.name == other) continue;
    remedies.push_back({.setting = other,
                        .engine = other,
                        .action = fmt::format("Make the call with a program that mixes as {} does.", other)});
  }
  for (const bool setup : {false, true}) {
    for (const Strength& strength : kStrengths) {
      if (engine == strength.spec && !setup) continue;  // As it is.
      AddGuard(strength.spec, fmt::format(" ({})", strength.price), setup, &remedies);
    }
  }
  return remedies;
}

Result<std::vector<Remedy>> RemediesFor(const std::string& engine, const std::vector<std::string>& specs) {
  std::vector<Remedy> remedies{AsItIs(engine)};
  for (const std::string& text : specs) {
    PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec spec, engines::ParseSpec(text));
    if (spec.name == kGuard) {
      for (const bool setup : {false, true}) AddGuard(text, "", setup, &remedies);
    } else {
      remedies.push_back(
          {.setting = text, .engine = text, .action = fmt::format("Make the call through {}.", text)});
    }
  }
  return remedies;
}

std::optional<size_t> Recommended(const std::vector<LeakAndLoss>& remedies) {
  double least = 1;
  for (const LeakAndLoss& remedy : remedies) least = std::min(least, remedy.leak);
  std::optional<size_t> best;
  for (size_t i = 0; i < remedies.size(); ++i) {
    const auto [leak, lost] = remedies[i];
    if (leak > least + kEquallyClosed) continue;
    if (!best || std::pair(lost, leak) < std::pair(remedies[*best].lost, remedies[*best].leak)) best = i;
  }
  return best;
}

}  // namespace peekproof::audit
