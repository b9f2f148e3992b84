// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command.h"
#include "interrupt.h"
#include "media/picture.h"
#include "progress_line.h"
#include "report/text.h"
#include "report/text_file.h"
#include "score_table.h"
#include "study/scene_scores.h"

namespace peekproof::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScoreFooter =
    R"help(Scores pictures of a room that an attack recovered from a call whose truth is known (peekproof scene). A
reconstruction is a picture with alpha, opaque where the attack claims to know the room, or the report folder of
peekproof audit. Beside it stands what handing in the bare wallpaper scores: what is not above that is nothing.

With --set, every scene below a folder is scored that holds the reconstruction at the given relative path, and means
are told with 95 % intervals (bootstrap over scenes), for several methods with paired differences.

Examples:
  peekproof scene -o call && peekproof audit call/call.mp4 -o call/report
  peekproof score call/report --truth call --oracle
  peekproof score ours=a.png theirs=b.png --truth call --csv scores.csv
  peekproof score --set set ours=report theirs=other/room.png

docs/metrics.md says what each number means and how it can mislead.
Exit codes: 0 complete, 1 failed, 2 usage, 3 partial (a scene of the set lacks a reconstruction).)help";

struct ScoreCommandOptions {
  std::vector<std::string> reconstructions;  ///< NAME=PATH or PATH.
  std::string truth;
  std::string set;
  std::string other_room;
  std::string csv;
  std::string json;
  bool oracle = false;
  bool read = false;
  std::string objects;  ///< Model; empty: none are looked for.
  bool quiet = false;
};

/// A method and where its reconstruction lies.
struct Method {
  std::string name;
  std::string path;
};

std::vector<Method> MethodsOf(const ScoreCommandOptions& options) {
  std::vector<Method> methods;
  for (const std::string& text : options.reconstructions) {
    const size_t equals = text.find('=');
    const bool is_named = equals != std::string::npos && equals > 0;
    const std::string path = is_named ? text.substr(equals + 1) : text;
    methods.push_back({is_named ? text.substr(0, equals) : path, path});
  }
  return methods;
}

/// What looks at pictures as a spy would; null where that is not wanted.
struct Observers {
  std::unique_ptr<models::TextReader> reader;
  std::unique_ptr<models::Detector> detector;
};

Result<Observers> ObserversOf(const ScoreCommandOptions& options) {
  Observers observers;
  if (options.read) {
    PEEKPROOF_ASSIGN_OR_RETURN(observers.reader, models::MakeTextReader());
  }
  if (!options.objects.empty()) {
    PEEKPROOF_ASSIGN_OR_RETURN(observers.detector, models::MakeDetector(options.objects));
  }
  return observers;
}

Result<ScoredScene> ScoreOne(const ScoreCommandOptions& options, const std::string& folder,
                             const std::vector<Method>& methods, const Observers& observers,
                             ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(const testbed::SceneTruth truth, testbed::ReadSceneTruth(folder));
  study::ScoreInputs inputs;
  inputs.reader = observers.reader.get();
  inputs.detector = observers.detector.get();
  PEEKPROOF_ASSIGN_OR_RETURN(inputs.other_room, study::OtherRoom(options.other_room, truth.size));
  ScoredScene scored;
  scored.name = fs::path(folder).filename().string();
  const auto add = [&](const std::string& name, const image::Reconstruction& room) -> Result<void> {
    PEEKPROOF_ASSIGN_OR_RETURN(const study::MetricValues values, study::ScoreScene(room, truth, inputs));
    scored.columns.push_back({name, values});
    return {};
  };
  PEEKPROOF_RETURN_IF_ERROR(add("wallpaper alone", study::WallpaperAlone(truth)));
  for (const Method& method : methods) {
    PEEKPROOF_ASSIGN_OR_RETURN(const image::Reconstruction room, study::ReadReconstruction(method.path));
    const Result<void> added = add(method.name, room);
    if (!added.ok())
      return Error{added.error().code, fmt::format("{}: {}", added.error().message, method.path)};
  }
  if (observers.reader || observers.detector)
    PEEKPROOF_RETURN_IF_ERROR(add("true room", study::TrueRoom(truth)));
  if (!options.oracle) return scored;
  PEEKPROOF_ASSIGN_OR_RETURN(const auto ceilings, study::CeilingsOf(truth, folder, progress, stop));
  for (const auto& [name, room] : ceilings) PEEKPROOF_RETURN_IF_ERROR(add(name, room));
  return scored;
}

Result<void> WriteFiles(const ScoreCommandOptions& options, const std::vector<ScoredScene>& scenes) {
  if (!options.csv.empty()) PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(options.csv, ScoreCsv(scenes)));
  if (!options.json.empty())
    PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(options.json, ScoreJson(scenes)));
  return {};
}

ExitCode ScoreOneFolder(const ScoreCommandOptions& options, const Streams& streams) {
  const auto observers = ObserversOf(options);
  if (!observers.ok()) return Fail(streams, observers.error());
  const Interrupt interrupt(Interrupt::kNothingKeptNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  const auto scored =
      ScoreOne(options, options.truth, MethodsOf(options), *observers, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!scored.ok()) return Fail(streams, scored.error());
  if (auto written = WriteFiles(options, {*scored}); !written.ok()) return Fail(streams, written.error());
  if (!options.quiet) streams.out << ScoreTable(*scored);
  return Finish(streams, kComplete);
}

Result<std::vector<std::string>> SceneFolders(const std::string& set) {
  std::vector<std::string> folders;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(set, failed)) {
    std::error_code ignored;
    if (fs::exists(entry.path() / "truth" / "scene.json", ignored)) folders.push_back(entry.path().string());
  }
  std::sort(folders.begin(), folders.end());
  if (!folders.empty()) return folders;
  return Error{ErrorCode::kNotFound, fmt::format("no finished scene lies below this folder: {}", set)};
}

ExitCode ScoreSceneSet(const ScoreCommandOptions& options, const Streams& streams) {
  const auto folders = SceneFolders(options.set);
  if (!folders.ok()) return Fail(streams, folders.error());
  const auto observers = ObserversOf(options);
  if (!observers.ok()) return Fail(streams, observers.error());
  const Interrupt interrupt(Interrupt::kNothingKeptNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  std::vector<ScoredScene> scenes;
  int missing = 0;
  for (const std::string& folder : *folders) {
    if (interrupt.token().stop_requested()) break;
    std::vector<Method> methods = MethodsOf(options);
    for (Method& method : methods) method.path = (fs::path(folder) / method.path).string();
    const bool all_there = std::all_of(methods.begin(), methods.end(),
                                       [](const Method& method) { return fs::exists(method.path); });
    if (!all_there) {
      ++missing;
      continue;
    }
    auto scored = ScoreOne(options, folder, methods, *observers, nullptr, interrupt.token());
    if (progress)
      progress->Report("scenes", static_cast<int64_t>(scenes.size()) + 1, int64_t(folders->size()));
    if (!scored.ok()) return Fail(streams, scored.error());
    scenes.push_back(*std::move(scored));
  }
  if (progress) progress->Clear();
  if (scenes.empty())
    return Fail(streams,
                {ErrorCode::kNotFound,
                 "no scene of the set holds all of the reconstructions; paths are relative to each scene"});
  if (auto written = WriteFiles(options, scenes); !written.ok()) return Fail(streams, written.error());
  if (!options.quiet) streams.out << SetTable(scenes);
  const bool complete = scenes.size() == folders->size();
  if (missing > 0)
    streams.err << fmt::format("peekproof: {} of {} scenes lack a reconstruction and were left out\n",
                               missing, folders->size());
  return Finish(streams, complete ? kComplete : kPartial);
}

ExitCode RunScore(const ScoreCommandOptions& options, const Streams& streams) {
  const bool is_set = !options.set.empty();
  if (is_set == !options.truth.empty())
    return Fail(streams, {ErrorCode::kInvalidArgument, "give either --truth or --set"});
  if (options.reconstructions.empty() && !options.oracle)
    return Fail(streams, {ErrorCode::kInvalidArgument, "give a reconstruction to score, or --oracle"});
  return is_set ? ScoreSceneSet(options, streams) : ScoreOneFolder(options, streams);
}

}  // namespace

CommandRun AddScore(CLI::App* app) {
  const auto options = std::make_shared<ScoreCommandOptions>();
  app->add_option("reconstructions", options->reconstructions, "Pictures or report folders")
      ->type_name("[NAME=]RECON");
  app->add_option("--truth", options->truth, "The scene that was attacked")->type_name("DIR");
  app->add_option("--set", options->set, "Score every scene of a set; RECON is relative to each")
      ->type_name("DIR");
  app->add_option("--other-room", options->other_room,
                  "Picture of a room that it is not. Default: a drawn one")
      ->type_name("FILE");
  app->add_flag("--oracle", options->oracle,
                "Also score what an attack could reach that knew alpha and caller");
  app->add_flag("--read", options->read,
                "Also read the room's known texts (drawn rooms), beside the true room's");
  app->add_option(
         "--objects", options->objects,
         "Also look for objects with this detector (yolox-nano, or an ONNX file), as in the true room")
      ->type_name("MODEL");
  app->add_option("--csv", options->csv, "Write the scores, one line per scene and method")
      ->type_name("FILE");
  app->add_option("--json", options->json, "Write the scores as JSON")->type_name("FILE");
  app->add_flag("-q,--quiet", options->quiet, "No progress and no table");
  app->footer(kScoreFooter);
  return [options](const Streams& streams) { return RunScore(*options, streams); };
}

}  // namespace peekproof::cli
