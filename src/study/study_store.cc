// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "media/picture.h"
#include "study/read_study.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTablesVersion = 1;

constexpr const char* kTables = R"sql(
CREATE TABLE study (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, version TEXT NOT NULL, cpu TEXT NOT NULL, cores INTEGER NOT NULL,
  threads INTEGER NOT NULL, compiler TEXT NOT NULL, libraries TEXT NOT NULL, started TEXT NOT NULL);
CREATE TABLE scenes (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, engine TEXT NOT NULL,
  seed INTEGER NOT NULL, options TEXT NOT NULL);
CREATE TABLE attacks (id INTEGER PRIMARY KEY, spec TEXT NOT NULL UNIQUE);
CREATE TABLE rows (
  id INTEGER PRIMARY KEY, scene INTEGER NOT NULL REFERENCES scenes, attack INTEGER NOT NULL REFERENCES attacks,
  caller_model TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs, status TEXT NOT NULL, error TEXT NOT NULL,
  seconds REAL, frames INTEGER NOT NULL, ms_per_frame REAL, UNIQUE (scene, attack, caller_model));
CREATE TABLE scores (
  row INTEGER NOT NULL REFERENCES rows, name TEXT NOT NULL, value REAL, PRIMARY KEY (row, name));
CREATE TABLE curve (
  row INTEGER NOT NULL REFERENCES rows, threshold REAL NOT NULL, recall_10 REAL, precision_10 REAL,
  PRIMARY KEY (row, threshold));
CREATE TABLE calibration (
  row INTEGER NOT NULL REFERENCES rows, bin INTEGER NOT NULL, stated REAL NOT NULL, right_share REAL NOT NULL,
  painted_px INTEGER NOT NULL, PRIMARY KEY (row, bin));
)sql";

/// A folder for the user only; it may be there.
Result<void> MakeFolder(const fs::path& folder) {
  std::error_code ignored;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), ignored);
  if (::mkdir(folder.c_str(), 0700) == 0 || (errno == EEXIST && fs::is_directory(folder, ignored))) return {};
  return Error{ErrorCode::kIo, fmt::format("cannot make the study's folder ({}); give another with -o: {}",
                                           std::strerror(errno), folder.string())};
}

std::string DatabasePath(const std::string& folder) { return (fs::path(folder) / "study.sqlite").string(); }

Result<int64_t> TablesVersion(const Database& database) {
  PEEKPROOF_ASSIGN_OR_RETURN(Statement version, database.Prepare("PRAGMA user_version"));
  PEEKPROOF_RETURN_IF_ERROR(version.Step());
  return version.Integer(0);
}

}  // namespace

Result<StudyStore> StudyStore::Open(const std::string& folder, const std::string& settings) {
  PEEKPROOF_RETURN_IF_ERROR(MakeFolder(fs::path(folder).lexically_normal()));
  PEEKPROOF_RETURN_IF_ERROR(MakeFolder(fs::path(folder) / "pictures"));
  PEEKPROOF_ASSIGN_OR_RETURN(Database database, Database::Open(DatabasePath(folder), true));
  StudyStore store(folder, std::move(database));
  PEEKPROOF_RETURN_IF_ERROR(store.Begin(settings));
  return store;
}

Result<StudyStore> StudyStore::OpenExisting(const std::string& folder) {
  PEEKPROOF_ASSIGN_OR_RETURN(Database database, Database::Open(DatabasePath(folder), false));
  PEEKPROOF_ASSIGN_OR_RETURN(const int64_t version, TablesVersion(database));
  if (version != kTablesVersion)
    return Error{ErrorCode::kUnsupported, fmt::format("the study has tables of version {}, not {}: {}",
                                                      version, kTablesVersion, folder)};
  return StudyStore(folder, std::move(database));
}

Result<void> StudyStore::Begin(const std::string& settings) {
  PEEKPROOF_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(&database_));
  PEEKPROOF_ASSIGN_OR_RETURN(const int64_t version, TablesVersion(database_));
  if (version == 0) {
    PEEKPROOF_RETURN_IF_ERROR(
        database_.Execute(fmt::format("{} PRAGMA user_version = {}", kTables, kTablesVersion)));
    PEEKPROOF_ASSIGN_OR_RETURN(Statement insert, database_.Prepare("INSERT INTO study VALUES (?, ?)"));
    PEEKPROOF_RETURN_IF_ERROR(insert.Add("settings").Add(settings).Run());
    return transaction.Commit();
  }
  if (version != kTablesVersion)
    return Error{ErrorCode::kUnsupported, fmt::format("the study has tables of version {}, not {}: {}",
                                                      version, kTablesVersion, folder_)};
  PEEKPROOF_ASSIGN_OR_RETURN(Statement select,
                             database_.Prepare("SELECT value FROM study WHERE key = 'settings'"));
  PEEKPROOF_RETURN_IF_ERROR(select.Step());
  if (select.Text(0) == settings) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the folder holds a study with other attack options, {}, not {}; give another "
                           "folder with -o: {}",
                           select.Text(0), settings, folder_)};
}

Result<int64_t> StudyStore::AddRun(const StudyRun& run) {
  PEEKPROOF_ASSIGN_OR_RETURN(Statement insert,
                             database_.Prepare("INSERT INTO runs (version, cpu, cores, threads, compiler, "
                                               "libraries, started) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  PEEKPROOF_RETURN_IF_ERROR(insert.Add(run.version)
                                .Add(run.cpu)
                                .Add(int64_t{run.cores})
                                .Add(int64_t{run.threads})
                                .Add(run.compiler)
                                .Add(run.libraries)
                                .Add(run.started)
                                .Run());
  return database_.last_id();
}

Result<void> StudyStore::CheckScene(const StudyScene& scene) {
  PEEKPROOF_ASSIGN_OR_RETURN(Statement select,
                             database_.Prepare("SELECT engine, options FROM scenes WHERE name = ?"));
  PEEKPROOF_ASSIGN_OR_RETURN(const bool is_known, select.Add(scene.name).Step());
  if (!is_known || (select.Text(0) == scene.engine && select.Text(1) == OptionsJson(scene.options)))
    return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the study holds a scene of this name with other options; give another folder "
                           "with -o: {}",
                           scene.name)};
}

Result<std::vector<RowKey>> StudyStore::DoneRows(const std::string& scene) {
  PEEKPROOF_ASSIGN_OR_RETURN(
      Statement select, database_.Prepare("SELECT attacks.spec, rows.caller_model FROM rows "
                                          "JOIN attacks ON attacks.id = rows.attack "
                                          "JOIN scenes ON scenes.id = rows.scene "
                                          "WHERE scenes.name = ? AND rows.status = 'done' ORDER BY rows.id"));
  select.Add(scene);
  std::vector<RowKey> keys;
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return keys;
    keys.push_back({select.Text(0), select.Text(1)});
  }
}

Result<int64_t> StudyStore::SceneId(const StudyScene& scene) {
  PEEKPROOF_RETURN_IF_ERROR(CheckScene(scene));
  PEEKPROOF_ASSIGN_OR_RETURN(
      Statement upsert,
      database_.Prepare("INSERT INTO scenes (name, path, engine, seed, options) VALUES (?, ?, ?, ?, ?) "
                        "ON CONFLICT (name) DO UPDATE SET path = excluded.path RETURNING id"));
  upsert.Add(scene.name)
      .Add(scene.path)
      .Add(scene.engine)
      .Add(static_cast<int64_t>(scene.seed))
      .Add(OptionsJson(scene.options));
  PEEKPROOF_RETURN_IF_ERROR(upsert.Step());
  const int64_t id = upsert.Integer(0);
  PEEKPROOF_RETURN_IF_ERROR(upsert.Run());
  return id;
}

Result<void> StudyStore::SaveScores(const StudyRow& row) {
  PEEKPROOF_ASSIGN_OR_RETURN(Statement score, database_.Prepare("INSERT INTO scores VALUES (?, ?, ?)"));
  for (size_t i = 0; i < row.scores.values.size(); ++i)
    PEEKPROOF_RETURN_IF_ERROR(score.Add(row.id).Add(ListMetrics()[i].name).Add(row.scores.values[i]).Run());
  PEEKPROOF_ASSIGN_OR_RETURN(Statement curve, database_.Prepare("INSERT INTO curve VALUES (?, ?, ?, ?)"));
  for (const metrics::ConfidencePoint& point : row.scores.curve)
    PEEKPROOF_RETURN_IF_ERROR(
        curve.Add(row.id).Add(point.threshold).Add(point.recall_10).Add(point.precision_10).Run());
  if (!row.done()) return {};
  PEEKPROOF_ASSIGN_OR_RETURN(Statement bin,
                             database_.Prepare("INSERT INTO calibration VALUES (?, ?, ?, ?, ?)"));
  for (size_t i = 0; i < row.scores.calibration.size(); ++i) {
    const metrics::CalibrationBin& one = row.scores.calibration[i];
    PEEKPROOF_RETURN_IF_ERROR(bin.Add(row.id)
                                  .Add(static_cast<int64_t>(i))
                                  .Add(one.stated)
                                  .Add(one.right)
                                  .Add(one.painted_px)
                                  .Run());
  }
  return {};
}

Result<void> StudyStore::SaveRow(int64_t run, int64_t scene, NewRow* added) {
  StudyRow& row = added->row;
  PEEKPROOF_ASSIGN_OR_RETURN(
      Statement attack, database_.Prepare("INSERT INTO attacks (spec) VALUES (?) ON CONFLICT DO NOTHING"));
  PEEKPROOF_RETURN_IF_ERROR(attack.Add(row.key.attack).Run());
  PEEKPROOF_ASSIGN_OR_RETURN(
      Statement upsert,
      database_.Prepare("INSERT INTO rows (scene, attack, caller_model, run, status, error, seconds, frames, "
                        "ms_per_frame) SELECT ?, id, ?, ?, ?, ?, ?, ?, ? FROM attacks WHERE spec = ? "
                        "ON CONFLICT (scene, attack, caller_model) DO UPDATE SET run = excluded.run, "
                        "status = excluded.status, error = excluded.error, seconds = excluded.seconds, "
                        "frames = excluded.frames, ms_per_frame = excluded.ms_per_frame RETURNING id"));
  upsert.Add(scene).Add(row.key.caller_model).Add(run).Add(row.done() ? "done" : "failed").Add(row.error);
  upsert.Add(row.seconds).Add(row.frames).Add(row.ms_per_frame()).Add(row.key.attack);
  PEEKPROOF_RETURN_IF_ERROR(upsert.Step());
  row.id = upsert.Integer(0);
  row.run = run;
  PEEKPROOF_RETURN_IF_ERROR(upsert.Run());
  PEEKPROOF_RETURN_IF_ERROR(
      database_.Execute(fmt::format("DELETE FROM scores WHERE row = {0}; DELETE FROM curve WHERE row = {0}; "
                                    "DELETE FROM calibration WHERE row = {0}",
                                    row.id)));
  PEEKPROOF_RETURN_IF_ERROR(SaveScores(row));
  if (added->picture.empty()) return {};
  return media::WritePng(PicturePath(folder_, row.id), added->picture);
}

Result<void> StudyStore::Save(int64_t run, const StudyScene& scene, std::vector<NewRow>* rows) {
  PEEKPROOF_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(&database_));
  PEEKPROOF_ASSIGN_OR_RETURN(const int64_t scene_id, SceneId(scene));
  for (NewRow& row : *rows) {
    row.row.scene = scene.name;
    PEEKPROOF_RETURN_IF_ERROR(SaveRow(run, scene_id, &row));
  }
  return transaction.Commit();
}

Result<StudyData> StudyStore::Read() { return ReadStudyData(database_); }

std::string StudyStore::PicturePath(const std::string& folder, int64_t row) {
  return (fs::path(folder) / "pictures" / fmt::format("{}.png", row)).string();
}

}  // namespace peekproof::study
