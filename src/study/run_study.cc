// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/run_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "audit/audit.h"
#include "base/parallel.h"
#include "engines/engine.h"
#include "models/segmenter.h"
#include "study/attack_rows.h"
#include "study/scene_scores.h"
#include "study/study_store.h"
#include "testbed/generate_set.h"
#include "testbed/scene_parameters.h"
#include "testbed/scene_set.h"
#include "testbed/scene_truth.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSetFolder = "set";  // Of a set that the study makes.

/// Says which scene the frames are of.
class SceneProgress : public ProgressSink {
 public:
  SceneProgress(ProgressSink* outer, size_t number, size_t count)
      : outer_(outer), stage_(fmt::format("scene {} of {}", number, count)) {}
  void Report(std::string_view stage, int64_t done, int64_t total) override {
    if (outer_ != nullptr) outer_->Report(fmt::format("{}, {}", stage_, stage), done, total);
  }

 private:
  ProgressSink* outer_;
  std::string stage_;
};

/// A scene of the study's set.
struct FoundScene {
  StudyScene scene;
  std::string folder;  ///< Where it lies.
  std::string error;   ///< Why it could not be made; empty: it is there.
};

StudyScene SceneOf(const std::string& name, const std::string& path, const testbed::SceneTruth& truth) {
  return {name, path, truth.engine, truth.seed, truth.options};
}

/// Scenes of a set that is there, or the one scene.
Result<std::vector<FoundScene>> FindScenes(const std::string& path) {
  std::error_code ignored;
  const std::string absolute = fs::absolute(path, ignored).lexically_normal().string();
  std::vector<FoundScene> found;
  if (fs::exists(fs::path(path) / "truth" / "scene.json", ignored)) {
    PEEKPROOF_ASSIGN_OR_RETURN(const testbed::SceneTruth truth, testbed::ReadSceneNumbers(path));
    fs::path named = absolute;
    if (!named.has_filename()) named = named.parent_path();
    found.push_back({SceneOf(named.filename().string(), absolute, truth), absolute, ""});
    return found;
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const auto truths, testbed::ReadSetNumbers(path));
  for (const auto& [name, truth] : truths) {
    const std::string folder = (fs::path(absolute) / name).string();
    found.push_back({SceneOf(name, folder, truth), folder, ""});
  }
  return found;
}

/// Makes the set of the plan's matrix; scenes that failed are among them. Interrupted: those that are there.
Result<std::vector<FoundScene>> MakeScenes(const StudyPlan& plan, const std::string& folder,
                                           ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(const testbed::SceneSetPlan set,
                             testbed::ReadSceneSet(plan.set_matrix, plan.set_files));
  const std::vector<testbed::PlannedScene> planned = testbed::ChooseScenes(set);
  const fs::path set_folder = fs::path(folder) / kSetFolder;
  PEEKPROOF_ASSIGN_OR_RETURN(const testbed::SceneSetResult made,
                             testbed::GenerateSet(planned, set_folder.string(), progress, stop));
  std::vector<FoundScene> found;
  for (const testbed::PlannedScene& scene : planned) {
    StudyScene one{scene.name, (fs::path(kSetFolder) / scene.name).string(), scene.options.engine,
                   scene.options.seed, testbed::ValuesOf(scene.options)};
    const auto failed = std::find_if(made.failed.begin(), made.failed.end(),
                                     [&](const auto& other) { return other.name == scene.name; });
    found.push_back({std::move(one), (set_folder / scene.name).string(),
                     failed == made.failed.end() ? "" : failed->error.message});
  }
  return found;
}

/// Fails early where a network, an engine's name or the other room is wrong, since all scenes would.
Result<void> CheckOptions(const StudyPlan& plan) {
  PEEKPROOF_RETURN_IF_ERROR(OtherRoom(plan.other_room, {64, 36}));
  if (plan.engine != "own" && plan.engine != audit::kAutoEngine)
    PEEKPROOF_RETURN_IF_ERROR(engines::MakeMatter(plan.engine));
  for (const std::string& model : plan.caller_models) PEEKPROOF_RETURN_IF_ERROR(models::MakeSegmenter(model));
  return {};
}

/// A row of each key that says why there is none.
std::vector<NewRow> FailedRows(const std::vector<RowKey>& keys, const std::string& error) {
  std::vector<NewRow> rows;
  for (const RowKey& key : keys) {
    NewRow row;
    row.row.key = key;
    row.row.error = error;
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The rows of a scene; a scene that cannot be read, or whose other room cannot, fails as a whole.
/// Errors  kInterrupted.
Result<std::vector<NewRow>> RowsOf(const StudyPlan& plan, const FoundScene& found,
                                   const std::vector<RowKey>& wanted, int threads, ProgressSink* progress,
                                   const std::stop_token& stop) {
  if (!found.error.empty()) return FailedRows(wanted, found.error);
  const auto truth = testbed::ReadSceneTruth(found.folder);
  if (!truth.ok()) return FailedRows(wanted, truth.error().message);
  auto rows = AttackRows(plan, *truth, found.folder, wanted, threads, progress, stop);
  if (rows.ok() || rows.error().code == ErrorCode::kInterrupted) return rows;
  return FailedRows(wanted, rows.error().message);
}

std::string NameOf(const StudyRow& row) {
  return row.key.caller_model.empty()
             ? fmt::format("{}, {}", row.scene, row.key.attack)
             : fmt::format("{}, {}, {}", row.scene, row.key.attack, row.key.caller_model);
}

/// A run of a whole study. Its run is noted with the first scene that is attacked.
class Runner {
 public:
  Runner(const StudyPlan& plan, StudyStore* store, int threads, const std::stop_token& stop)
      : plan_(plan), store_(store), threads_(threads), stop_(stop) {}

  /// One scene: what is missing of it is made and kept.
  Result<void> Add(const FoundScene& found, ProgressSink* progress, StudyOutcome* outcome) {
    PEEKPROOF_RETURN_IF_ERROR(store_->CheckScene(found.scene));
    std::vector<RowKey> wanted = WantedRows(plan_, found.folder);
    PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<RowKey> done, store_->DoneRows(found.scene.name));
    const size_t all = wanted.size();
    std::erase_if(wanted,
                  [&](const RowKey& key) { return std::find(done.begin(), done.end(), key) != done.end(); });
    outcome->present += static_cast<int>(all - wanted.size());
    if (wanted.empty()) return {};
    PEEKPROOF_ASSIGN_OR_RETURN(std::vector<NewRow> rows,
                               RowsOf(plan_, found, wanted, threads_, progress, stop_));
    if (run_ == 0) {
      PEEKPROOF_ASSIGN_OR_RETURN(run_, store_->AddRun(DescribeRun(threads_)));
    }
    PEEKPROOF_RETURN_IF_ERROR(store_->Save(run_, found.scene, &rows));
    for (const NewRow& row : rows) {
      if (row.row.done()) ++outcome->made;
      if (!row.row.done()) outcome->failed.emplace_back(NameOf(row.row), row.row.error);
    }
    return {};
  }

 private:
  const StudyPlan& plan_;
  StudyStore* store_;
  int threads_;
  std::stop_token stop_;
  int64_t run_ = 0;
};

}  // namespace

Result<StudyOutcome> RunStudy(const StudyPlan& plan, const std::string& folder, int threads,
                              ProgressSink* progress, const std::stop_token& stop) {
  const ThreadLimit limit(threads);
  PEEKPROOF_RETURN_IF_ERROR(CheckOptions(plan));
  PEEKPROOF_ASSIGN_OR_RETURN(StudyStore store, StudyStore::Open(folder, SettingsJson(plan)));
  PEEKPROOF_ASSIGN_OR_RETURN(
      const std::vector<FoundScene> scenes,
      plan.set_matrix.empty() ? FindScenes(plan.set_path) : MakeScenes(plan, folder, progress, stop));
  StudyOutcome outcome;
  outcome.scenes = static_cast<int>(scenes.size());
  Runner runner(plan, &store, threads, stop);
  for (size_t i = 0; i < scenes.size(); ++i) {
    if (stop.stop_requested()) break;
    SceneProgress scene_progress(progress, i + 1, scenes.size());
    const Result<void> added = runner.Add(scenes[i], &scene_progress, &outcome);
    if (!added.ok() && added.error().code != ErrorCode::kInterrupted) return added.error();
  }
  outcome.interrupted = stop.stop_requested();
  return outcome;
}

Result<StudyRow> RunRow(const StudyPlan& plan, const std::string& folder, int64_t row, int threads,
                        ProgressSink* progress, const std::stop_token& stop) {
  const ThreadLimit limit(threads);
  PEEKPROOF_RETURN_IF_ERROR(StudyStore::OpenExisting(folder));
  PEEKPROOF_ASSIGN_OR_RETURN(StudyStore store, StudyStore::Open(folder, SettingsJson(plan)));
  PEEKPROOF_ASSIGN_OR_RETURN(const StudyData data, store.Read());
  const auto found =
      std::find_if(data.rows.begin(), data.rows.end(), [&](const StudyRow& one) { return one.id == row; });
  if (found == data.rows.end())
    return Error{ErrorCode::kNotFound,
                 fmt::format("the study has no row {}; report --csv lists them: {}", row, folder)};
  const auto scene = std::find_if(data.scenes.begin(), data.scenes.end(),
                                  [&](const StudyScene& one) { return one.name == found->scene; });
  const std::string scene_folder = (fs::path(folder) / scene->path).string();
  PEEKPROOF_ASSIGN_OR_RETURN(const testbed::SceneTruth truth, testbed::ReadSceneTruth(scene_folder));
  PEEKPROOF_RETURN_IF_ERROR(store.CheckScene(SceneOf(scene->name, scene->path, truth)));
  PEEKPROOF_ASSIGN_OR_RETURN(std::vector<NewRow> rows,
                             AttackRows(plan, truth, scene_folder, {found->key}, threads, progress, stop));
  if (!rows.front().row.done()) return Error{ErrorCode::kInternal, rows.front().row.error};
  PEEKPROOF_ASSIGN_OR_RETURN(const int64_t run, store.AddRun(DescribeRun(threads)));
  PEEKPROOF_RETURN_IF_ERROR(store.Save(run, *scene, &rows));
  return std::move(rows.front().row);
}

}  // namespace peekproof::study
