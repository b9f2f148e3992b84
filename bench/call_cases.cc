// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Measures the calls that advice chooses from, and prints them as rows for src/advise/call_cases.cc.
//
//   build/release/call_cases

#include <fmt/format.h>

#include <cctype>
#include <cstdio>
#include <string>

#include "advise/call_case.h"

namespace peekproof {
namespace {

constexpr int kSeeds = 3;

/// "wave-arm" as "kWaveArm".
std::string ConstantOf(const std::string& name) {
  std::string constant = "k";
  bool upper = true;
  for (const char letter : name) {
    if (letter != '-') {
      constant += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
    }
    upper = letter == '-';
  }
  return constant;
}

Result<void> Run() {
  for (const advise::CallCase& one : advise::CallCases()) {
    advise::CallTraits sum;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      PEEKPROOF_ASSIGN_OR_RETURN(
          const advise::CallTraits traits,
          advise::MeasureCase(one.script, one.distance_m, static_cast<uint64_t>(seed)));
      sum.caller_share += traits.caller_share / kSeeds;
      sum.speed_per_s += traits.speed_per_s / kSeeds;
      sum.sweep += traits.sweep / kSeeds;
    }
    fmt::print("    {{{}, {:.2f}F, {{{:.3f}, {:.3f}, {:.3f}}}}},\n",
               ConstantOf(testbed::NameOfMotionScript(one.script)), one.distance_m, sum.caller_share,
               sum.speed_per_s, sum.sweep);
  }
  return {};
}

}  // namespace
}  // namespace peekproof

int main() {
  const auto result = peekproof::Run();
  if (!result.ok()) fmt::print(stderr, "{}\n", result.error().message);
  return result.ok() ? 0 : 1;
}
