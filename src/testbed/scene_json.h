// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "testbed/scene_truth.h"

namespace peekproof::testbed {

/// scene.json: all of a truth but its pictures. The video is named relative to the scene's folder.
std::string TruthAsJson(const SceneTruth& truth);
/// Errors  kCorruptData: not JSON, another format, or a field that is missing or of the wrong kind.
Result<SceneTruth> TruthFromJson(const std::string& text);

}  // namespace peekproof::testbed
