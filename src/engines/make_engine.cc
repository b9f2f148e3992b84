// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/profile.h"

namespace peekproof::engines {
namespace {

Result<std::unique_ptr<models::Segmenter>> RealSegmenter(const std::string& model) {
  return models::MakeSegmenter(model);
}

}  // namespace

Result<std::unique_ptr<Engine>> MakeEngine(const std::string& spec) {
  return MakeEngine(spec, RealSegmenter);
}

Result<std::unique_ptr<Matter>> MakeMatter(const std::string& spec) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto profile, MakeProfile(spec, RealSegmenter));
  return MatterOf(std::move(profile));
}

}  // namespace peekproof::engines
