// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "study/database.h"
#include "study/study_data.h"

namespace peekproof::study {

/// A row to be kept, and the picture of it.
struct NewRow {
  StudyRow row;       ///< Its id, run and scene are set when it is kept.
  cv::Mat4b picture;  ///< BGRA, transparent where nothing is known; empty: none.
};

/// The results of a study in its folder: study.sqlite (docs/study.md tells the tables) and pictures/ROW.png.
/// All for the user only. One at a time in a process; another process may read.
class StudyStore {
 public:
  /// Opens a study's store, or begins one. settings: SettingsJson of the plan.
  /// Errors  kInvalidArgument (the folder holds a study of other settings); kIo.
  static Result<StudyStore> Open(const std::string& folder, const std::string& settings);
  /// Opens one that is there. Errors  kNotFound, kIo, kUnsupported (of another version of the tables).
  static Result<StudyStore> OpenExisting(const std::string& folder);

  /// Notes a run; gives its id.
  Result<int64_t> AddRun(const StudyRun& run);

  /// Errors  kInvalidArgument: a scene of this name with other options or engine was attacked.
  Result<void> CheckScene(const StudyScene& scene);
  /// What is done of a scene; failed rows are not.
  Result<std::vector<RowKey>> DoneRows(const std::string& scene);

  /// Keeps the rows of a scene, all or none. A row that is there is replaced and keeps its id. The ids are
  /// written to `rows`. Errors  CheckScene's, kIo.
  Result<void> Save(int64_t run, const StudyScene& scene, std::vector<NewRow>* rows);

  /// Everything. Memory  A few kilobytes a row.
  Result<StudyData> Read();

  /// Where the picture of a row lies, if it has one.
  static std::string PicturePath(const std::string& folder, int64_t row);

 private:
  StudyStore(std::string folder, Database database)
      : folder_(std::move(folder)), database_(std::move(database)) {}

  Result<void> Begin(const std::string& settings);
  Result<int64_t> SceneId(const StudyScene& scene);
  Result<void> SaveRow(int64_t run, int64_t scene, NewRow* row);
  Result<void> SaveScores(const StudyRow& row);

  std::string folder_;
  Database database_;
};

}  // namespace peekproof::study
