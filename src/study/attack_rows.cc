// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/attack_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "audit/engine_identification.h"
#include "audit/followed_loop.h"
#include "audit/scene_attack.h"
#include "audit/survey.h"
#include "audit/wallpaper_model.h"
#include "report/pictures.h"
#include "study/scene_scores.h"
#include "testbed/browser_engine.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;

std::string CeilingPath(const std::string& folder, const std::string& reference) {
  const char* const file = reference == kOracleUnblended ? "ceiling_unblended.png" : "ceiling_copied.png";
  return (fs::path(folder) / "truth" / file).string();
}

Error Interrupted() { return {ErrorCode::kInterrupted, "the scene was not finished: interrupted"}; }

/// Whether work on the scene is to end: only an interruption is no row of its own.
bool Ends(const Error& error) { return error.code == ErrorCode::kInterrupted; }

/// One scene under attack.
class SceneRows {
 public:
  SceneRows(const StudyPlan& plan, const testbed::SceneTruth& truth, const std::string& folder, int threads,
            ProgressSink* progress, const std::stop_token& stop)
      : plan_(plan), truth_(truth), folder_(folder), threads_(threads), progress_(progress), stop_(stop) {}

  Result<std::vector<NewRow>> Run(const std::vector<RowKey>& wanted);

 private:
  audit::AuditOptions Options() const;
  Result<void> Survey();
  Result<void> Attack(const std::string& caller_model, const std::vector<std::string>& attacks);
  Result<image::Reconstruction> ReferenceRoom(const std::string& reference) const;
  void Score(StudyRow row, const image::Reconstruction& room);
  void Fail(const RowKey& key, const Error& error);

  const StudyPlan& plan_;
  const testbed::SceneTruth& truth_;
  const std::string& folder_;
  int threads_;
  ProgressSink* progress_;
  std::stop_token stop_;

  ScoreInputs inputs_;
  audit::Survey survey_;
  int scene_ = 0;  ///< Of the survey: the one with most frames.
  audit::WallpaperModel wallpaper_;
  std::vector<NewRow> rows_;
};

audit::AuditOptions SceneRows::Options() const {
  audit::AuditOptions options;
  options.input = truth_.video;
  options.engine = AttackedEngine(plan_, truth_);
  options.threads = threads_;
  if (plan_.true_wallpaper) options.wallpaper = (fs::path(folder_) / "truth" / "wallpaper.png").string();
  return options;
}

Result<void> SceneRows::Survey() {
  const audit::AuditOptions options = Options();
  PEEKPROOF_ASSIGN_OR_RETURN(survey_, audit::SurveyRecording(options, progress_, stop_));
  if (options.wallpaper.empty())
    PEEKPROOF_RETURN_IF_ERROR(audit::FollowLoop(options, &survey_, progress_, stop_));
  if (survey_.interrupted) return Interrupted();
  const auto longest =
      std::max_element(survey_.scenes.begin(), survey_.scenes.end(),
                       [](const auto& a, const auto& b) { return a.scene.frames < b.scene.frames; });
  if (longest == survey_.scenes.end() || longest->wallpaper.empty())
    return Error{ErrorCode::kUnsupported, "the call has no scene whose wallpaper could be estimated"};
  scene_ = static_cast<int>(longest - survey_.scenes.begin());
  PEEKPROOF_ASSIGN_OR_RETURN(wallpaper_,
                             audit::WallpaperOf(options, *longest, survey_.wallpaper_video.get()));
  return {};
}

void SceneRows::Fail(const RowKey& key, const Error& error) {
  NewRow failed;
  failed.row.key = key;
  failed.row.error = error.message.empty() ? ErrorCodeName(error.code) : error.message;
  rows_.push_back(std::move(failed));
}

void SceneRows::Score(StudyRow row, const image::Reconstruction& room) {
  auto scores = ScoreSceneInFull(room, truth_, inputs_);
  if (!scores.ok()) return Fail(row.key, scores.error());
  row.scores = *std::move(scores);
  const bool has_picture = row.key.attack != kWallpaper;
  rows_.push_back({std::move(row), has_picture ? report::RoomPicture(room) : cv::Mat4b()});
}

Result<void> SceneRows::Attack(const std::string& caller_model, const std::vector<std::string>& attacks) {
  audit::AuditOptions options = Options();
  options.caller_model = caller_model;
  options.every_frame = true;  // As the published attacks, beside which it stands.
  PEEKPROOF_ASSIGN_OR_RETURN(
      const audit::ChosenEngine chosen,
      audit::ChooseEngine(options, survey_.scenes[static_cast<size_t>(scene_)], wallpaper_));
  options.engine = chosen.engine;
  options.attack = attacks.front();
  options.other_attacks.assign(attacks.begin() + 1, attacks.end());
  PEEKPROOF_ASSIGN_OR_RETURN(const audit::SceneFindings findings,
                             audit::AttackScene(options, survey_, scene_, wallpaper_, progress_, stop_));
  if (findings.interrupted) return Interrupted();
  for (const attacks::AttackOutcome& outcome : findings.outcomes) {
    if (std::find(attacks.begin(), attacks.end(), outcome.spec) == attacks.end()) continue;
    StudyRow row;
    row.key = {outcome.spec, caller_model};
    row.seconds = outcome.seconds;
    row.frames = findings.frames;
    Score(std::move(row), outcome.room);
  }
  return {};
}

Result<image::Reconstruction> SceneRows::ReferenceRoom(const std::string& reference) const {
  if (reference == kWallpaper) return WallpaperAlone(truth_);
  return ReadReconstruction(CeilingPath(folder_, reference));
}

Result<std::vector<NewRow>> SceneRows::Run(const std::vector<RowKey>& wanted) {
  PEEKPROOF_ASSIGN_OR_RETURN(inputs_.other_room, OtherRoom(plan_.other_room, truth_.size));
  std::vector<std::pair<std::string, std::vector<std::string>>> by_model;
  for (const RowKey& key : wanted) {
    if (IsReference(key.attack)) continue;
    const auto of_model = [&](const auto& one) { return one.first == key.caller_model; };
    auto found = std::find_if(by_model.begin(), by_model.end(), of_model);
    if (found == by_model.end()) found = by_model.insert(by_model.end(), {key.caller_model, {}});
    found->second.push_back(key.attack);
  }
  const Result<void> surveyed = by_model.empty() ? Result<void>() : Survey();
  if (!surveyed.ok() && Ends(surveyed.error())) return surveyed.error();
  for (const auto& [model, attacks] : by_model) {
    const Result<void> attacked = surveyed.ok() ? Attack(model, attacks) : surveyed;
    if (attacked.ok()) continue;
    if (Ends(attacked.error())) return attacked.error();
    for (const std::string& attack : attacks) Fail({attack, model}, attacked.error());
  }
  for (const RowKey& key : wanted) {
    if (!IsReference(key.attack)) continue;
    const auto room = ReferenceRoom(key.attack);
    StudyRow row;
    row.key = key;
    room.ok() ? Score(std::move(row), *room) : Fail(key, room.error());
  }
  return std::move(rows_);
}

}  // namespace

std::string AttackedEngine(const StudyPlan& plan, const testbed::SceneTruth& truth) {
  if (plan.engine != "own") return plan.engine;
  const auto browser = testbed::BrowserEngineName(truth.engine);
  return browser.ok() ? *browser : truth.engine;
}

std::vector<RowKey> WantedRows(const StudyPlan& plan, const std::string& folder) {
  std::vector<RowKey> wanted;
  for (const std::string& model : plan.caller_models)
    for (const std::string& attack : plan.attacks) wanted.push_back({attack, model});
  wanted.push_back({kWallpaper, ""});
  for (const char* const reference : {kOracleUnblended, kOracleCopied}) {
    std::error_code ignored;
    if (fs::exists(CeilingPath(folder, reference), ignored)) wanted.push_back({reference, ""});
  }
  return wanted;
}

Result<std::vector<NewRow>> AttackRows(const StudyPlan& plan, const testbed::SceneTruth& truth,
                                       const std::string& folder, const std::vector<RowKey>& wanted,
                                       int threads, ProgressSink* progress, const std::stop_token& stop) {
  return SceneRows(plan, truth, folder, threads, progress, stop).Run(wanted);
}

}  // namespace peekproof::study
