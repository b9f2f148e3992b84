// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/motion_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "engines/spec.h"

namespace peekproof::testbed {
namespace {

constexpr std::array<std::pair<MotionScript, const char*>, 9> kScriptNames{{
    {MotionScript::kNone, "none"},
    {MotionScript::kNatural, "natural"},
    {MotionScript::kWalk, "walk"},
    {MotionScript::kInterview, "interview"},
    {MotionScript::kStandUp, "stand-up"},
    {MotionScript::kWaveArm, "wave-arm"},
    {MotionScript::kWaveHand, "wave-hand"},
    {MotionScript::kTiltHead, "tilt-head"},
    {MotionScript::kTurnHead, "turn-head"},
}};

}  // namespace

Result<MotionScript> ParseMotionScript(const std::string& name) {
  for (const auto& [script, known] : kScriptNames)
    if (name == known) return script;
  return Error{ErrorCode::kInvalidArgument, fmt::format("there is no motion \"{}\"; give one of {}", name,
                                                        engines::JoinNames(MotionScriptNames()))};
}

std::string NameOfMotionScript(MotionScript script) {
  const auto* const found = std::find_if(kScriptNames.begin(), kScriptNames.end(),
                                         [&](const auto& entry) { return entry.first == script; });
  PEEKPROOF_CHECK(found != kScriptNames.end(), "no name for motion {}", static_cast<int>(script));
  return found->second;
}

std::vector<std::string> MotionScriptNames() {
  std::vector<std::string> names;
  std::transform(kScriptNames.begin(), kScriptNames.end(), std::back_inserter(names),
                 [](const auto& entry) { return entry.second; });
  return names;
}

}  // namespace peekproof::testbed
