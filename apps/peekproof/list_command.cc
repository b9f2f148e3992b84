// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <memory>
#include <ostream>
#include <vector>

#include "command.h"
#include "engines/blur.h"
#include "engines/engine.h"

namespace peekproof::cli {
namespace {

constexpr const char* kFooter = R"(An engine is written as a name, or with parameters: meet, meet(wrap=0.3)

Examples:
  peekproof list engines
  peekproof list models)";

/// The attacks that an audit runs, in its order.
struct AttackInfo {
  const char* name;
  const char* description;
  const char* source;
};
constexpr std::array<AttackInfo, 2> kAttacks = {{
    {"plain gathering", "Takes what is neither wallpaper nor caller, largest leak first, as it was recorded.",
     "Seeing Through (USENIX Security 2025), section 4"},
    {"un-blending", "Solves the recorded mixture for the room's colour, over all frames that show the pixel.",
     "our own; needs the engine's matte and the wallpaper, both estimated"},
}};

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
  for (const AttackInfo& attack : kAttacks) {
    streams.out << fmt::format("{}\n    {}\n    source: {}\n", attack.name, attack.description,
                               attack.source);
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
  app->footer(kFooter);
  return [what](const Streams& streams) {
    if (*what == "engines") return ListEngines(streams);
    if (*what == "blurs") return ListBlurs(streams);
    if (*what == "attacks") return ListAttacks(streams);
    return ListModels(streams);
  };
}

}  // namespace peekproof::cli
