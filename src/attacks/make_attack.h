// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "attacks/wallpaper.h"
#include "base/result.h"
#include "engines/engine.h"

namespace peekproof::attacks {

/// What an attacker knows of a recording.
struct AttackSetting {
  std::shared_ptr<const Wallpaper> wallpaper;  ///< Estimated or given, of the recording's size.
  engines::BlendModel blend;                   ///< Of the service that made it.
};

/// One attack, as `peekproof list attacks` shows it.
struct AttackInfo {
  std::string name;
  std::string description;
  std::string source;  ///< Where its steps and constants come from.
  std::vector<engines::ParameterInfo> parameters;
};

/// All attacks, in the order in which they are to be listed.
const std::vector<AttackInfo>& ListAttacks();

/// Makes an attack from a spec such as `seeing-through` or `zoomg(comparison=cosine)`.
/// Errors  kInvalidArgument: unknown name or parameter, bad value; names the known ones.
Result<std::unique_ptr<Attack>> MakeAttack(const std::string& spec, const AttackSetting& setting);

/// The same checks without a recording.
Result<void> CheckAttack(const std::string& spec);

}  // namespace peekproof::attacks
