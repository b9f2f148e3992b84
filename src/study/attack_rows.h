// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "study/study_data.h"
#include "study/study_plan.h"
#include "study/study_store.h"
#include "testbed/scene_truth.h"

namespace peekproof::study {

/// The engine whose matte the attacker re-estimates: the plan's, or the one that made the scene, with our
/// profile in place of a browser's engine.
std::string AttackedEngine(const StudyPlan& plan, const testbed::SceneTruth& truth);

/// The rows that a plan wants of a scene: its attacks with each caller model, then the references that the
/// scene has. folder: the scene's.
std::vector<RowKey> WantedRows(const StudyPlan& plan, const std::string& folder);

/// Attacks a scene and scores what came out. The call is decoded and segmented once for all attacks that
/// share a caller model. An attack that fails makes a failed row and does not keep the others back; where the
/// recording cannot be attacked at all, all rows of attacks fail.
///
/// In      truth: with its pictures. threads: 0: as many as cores; no row but its time depends on it.
///         progress: may be null.
/// Errors  kInterrupted; the other room's.
Result<std::vector<NewRow>> AttackRows(const StudyPlan& plan, const testbed::SceneTruth& truth,
                                       const std::string& folder, const std::vector<RowKey>& wanted,
                                       int threads, ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::study
