// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "study/study_data.h"
#include "study/study_plan.h"

namespace peekproof::study {

/// What became of a run of a study.
struct StudyOutcome {
  int scenes = 0;                                           ///< Of the set.
  int made = 0;                                             ///< Rows made now.
  int present = 0;                                          ///< Rows that were done before.
  std::vector<std::pair<std::string, std::string>> failed;  ///< "SCENE, ATTACK" and why, of this run.
  bool interrupted = false;

  bool complete() const { return failed.empty() && !interrupted; }
};

/// Runs a study: makes the set that its matrix describes (in `folder`/set) where it is not there, attacks
/// scene by scene, and keeps each scene's rows in `folder` (StudyStore) once they are all made. Rows that are
/// done are not made again; rows that failed are. An interruption loses the scene at hand, nothing else.
///
/// threads: 0: as many as cores; one scene at a time, its frames in parallel. progress: may be null; stage
/// "scene 3 of 60".
/// Errors  before any scene: those of the set and of StudyStore, of models and the other room that cannot
///         be loaded; kNotFound (no scene).
Result<StudyOutcome> RunStudy(const StudyPlan& plan, const std::string& folder, int threads,
                              ProgressSink* progress, const std::stop_token& stop);

/// Makes one row again and replaces it. Its scene must be there.
/// Errors  kNotFound (no such row); kInterrupted; and where the row fails now, its error: the old row stays.
Result<StudyRow> RunRow(const StudyPlan& plan, const std::string& folder, int64_t row, int threads,
                        ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::study
