// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/make_attack.h"

#include <fmt/format.h>

#include "attacks/attack_entry.h"

namespace peekproof::attacks {
namespace {

const std::vector<AttackEntry>& Entries() {
  static const std::vector<AttackEntry> entries = {
      UnmixEntry(),         SeeingThroughEntry(), BackgroundBusterEntry(),
      SpyingThroughEntry(), ZoomgEntry(),         UnionEntry()};
  return entries;
}

Result<std::unique_ptr<Attack>> Make(const std::string& text, const AttackSetting* setting) {
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec spec, engines::ParseSpec(text, "attack"));
  std::vector<std::string> names;
  for (const AttackEntry& entry : Entries()) {
    if (entry.info.name == spec.name) return entry.make(spec, setting);
    names.push_back(entry.info.name);
  }
  return Error{ErrorCode::kInvalidArgument, fmt::format("there is no attack '{}'; known attacks are {}",
                                                        spec.name, engines::JoinNames(names))};
}

}  // namespace

const std::vector<AttackInfo>& ListAttacks() {
  static const std::vector<AttackInfo> infos = [] {
    std::vector<AttackInfo> list;
    for (const AttackEntry& entry : Entries()) list.push_back(entry.info);
    return list;
  }();
  return infos;
}

Result<std::unique_ptr<Attack>> MakeAttack(const std::string& spec, const AttackSetting& setting) {
  return Make(spec, &setting);
}

Result<void> CheckAttack(const std::string& spec) {
  PEEKPROOF_RETURN_IF_ERROR(Make(spec, nullptr));
  return {};
}

}  // namespace peekproof::attacks
