// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engines/spec.h"
#include "testbed/scene_options.h"

namespace peekproof::testbed {

/// Every option of a scene by its name, for the command line, the files of sets and the truth: an option is
/// named, described and limited here and nowhere else. The set points into `options`.
engines::ParameterSet ParametersOf(SceneOptions* options);

/// Names and values of all options, in order: what a truth file keeps.
std::vector<std::pair<std::string, std::string>> ValuesOf(const SceneOptions& options);

/// Sets one option by name. Errors  kInvalidArgument: says what it must be.
Result<void> SetOption(const std::string& name, const std::string& value, SceneOptions* options);

/// The options whose values name a file where they are no fixed word.
bool IsFileOption(const std::string& name);

}  // namespace peekproof::testbed
