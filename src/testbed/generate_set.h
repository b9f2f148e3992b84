// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "testbed/scene_set.h"
#include "testbed/scene_truth.h"

namespace peekproof::testbed {

/// A scene of a set that could not be made.
struct FailedScene {
  std::string name;
  Error error;
};

/// What became of a set.
struct SceneSetResult {
  int made = 0;     ///< Now.
  int present = 0;  ///< Finished before.
  std::vector<FailedScene> failed;
  std::vector<std::pair<std::string, std::string>>
      notes;  ///< Scenes that were made, and what to know of them.
  bool interrupted = false;

  bool complete() const { return failed.empty() && !interrupted; }
};

/// Makes the scenes of a set, one after the other, each in `directory`/name by GenerateScene. A scene that is
/// there and finished is not made again; one that is not finished is, from its beginning. One that fails does
/// not keep the others back.
///
/// progress: may be null; stage "scene 3 of 60". Errors  kInvalidArgument: a finished scene of this name has
/// other options, so the folder holds another set.
Result<SceneSetResult> GenerateSet(const std::vector<PlannedScene>& scenes, const std::string& directory,
                                   ProgressSink* progress, const std::stop_token& stop);

/// Reads the truths of the scenes of a set that are finished, sorted by folder, without their pictures.
/// Errors  kNotFound (no finished scene below the folder), kCorruptData.
Result<std::vector<std::pair<std::string, SceneTruth>>> ReadSetNumbers(const std::string& directory);

}  // namespace peekproof::testbed
