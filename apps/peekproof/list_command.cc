// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <vector>

#include "attacks/blur_attack.h"
#include "attacks/make_attack.h"
#include "command.h"
#include "engines/blur.h"
#include "engines/defended_profile.h"
#include "engines/engine.h"

namespace peekproof::cli {
namespace {

constexpr const char* kListFooter =
    R"(Engines and attacks are written as a name, or with parameters: meet, meet(wrap=0.3)

Examples:
  peekproof list engines
  peekproof list models)";

void ListParameters(const std::vector<engines::ParameterInfo>& parameters, const Streams& streams) {
  for (const engines::ParameterInfo& parameter : parameters) {
    streams.out << fmt::format("    {:<28} {}\n", parameter.name + "=" + parameter.default_value,
                               parameter.description);
  }
}

ExitCode ListEngines(const Streams& streams) {
  for (const engines::EngineInfo& engine : engines::ListEngines()) {
    streams.out << fmt::format("{}\n    {}\n    {}source: {}\n    wallpaper: {}{}\n", engine.name,
                               engine.description, engine.approximation ? "approximation; " : "",
                               engine.source, engines::NameOfFit(engine.fit),
                               engine.blur.empty() ? "" : "; own blur: " + engine.blur);
    ListParameters(engine.parameters, streams);
  }
  engines::DefenseOptions defenses;
  streams.out << "every engine but guard, besides\n";
  ListParameters(engines::BindDefenses(&defenses).Describe(), streams);
  return Finish(streams, kComplete);
}

ExitCode ListBlurs(const Streams& streams) {
  for (const engines::BlurInfo& blur : engines::ListBlurs()) {
    streams.out << fmt::format("{}\n    {}\n    source: {}\n", blur.name, blur.description, blur.source);
    ListParameters(blur.parameters, streams);
  }
  return Finish(streams, kComplete);
}

ExitCode ListAttacks(const Streams& streams) {
  for (const attacks::AttackInfo& attack : attacks::ListAttacks()) {
    streams.out << fmt::format("{}\n    {}\n    source: {}\n", attack.name, attack.description,
                               attack.source);
    ListParameters(attack.parameters, streams);
  }
  streams.out << "\nOn blurred backgrounds (--blur-attack):\n";
  for (const attacks::BlurAttackInfo& attack : attacks::ListBlurAttacks()) {
    streams.out << fmt::format("{}\n    {}\n    source: {}\n", attack.name, attack.description,
                               attack.source);
    ListParameters(attack.parameters, streams);
  }
  return Finish(streams, kComplete);
}

}  // namespace

CommandRun AddList(CLI::App* app) {
  const auto what = std::make_shared<std::string>();
  app->add_option("what", *what, "engines, blurs, attacks or models")
      ->required()
      ->check(CLI::IsMember({"engines", "blurs", "attacks", "models"}))
      ->type_name("WHAT");
  app->footer(kListFooter);
  return [what](const Streams& streams) {
    if (*what == "engines") return ListEngines(streams);
    if (*what == "blurs") return ListBlurs(streams);
    if (*what == "attacks") return ListAttacks(streams);
    return ListModels(streams);
  };
}

}  // namespace peekproof::cli
