// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "attacks/make_attack.h"
#include "engines/spec.h"

namespace peekproof::attacks {

/// What an attack's file tells the list of attacks.
struct AttackEntry {
  AttackInfo info;
  /// Checks the spec; makes the attack where `setting` is not null, and gives null where it is.
  std::function<Result<std::unique_ptr<Attack>>(const engines::Spec& spec, const AttackSetting* setting)>
      make;
};

AttackEntry SeeingThroughEntry();
AttackEntry BackgroundBusterEntry();
AttackEntry SpyingThroughEntry();
AttackEntry ZoomgEntry();
AttackEntry UnionEntry();
AttackEntry UnmixEntry();

}  // namespace peekproof::attacks
