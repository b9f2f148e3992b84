// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/profile.h"

namespace peekproof::engines {

Result<std::unique_ptr<Engine>> MakeEngine(const std::string& spec) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto profile, MakeProfile(spec, models::MakeSegmenter));
  return EngineOf(std::move(profile));
}

Result<std::unique_ptr<Matter>> MakeMatter(const std::string& spec) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto profile, MakeProfile(spec, models::MakeSegmenter));
  return MatterOf(std::move(profile));
}

}  // namespace peekproof::engines
