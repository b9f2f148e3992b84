// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "command.h"
#include "interrupt.h"
#include "leak_report.h"
#include "progress_line.h"
#include "report/text.h"
#include "testbed/generate_set.h"
#include "testbed/scene.h"
#include "testbed/scene_parameters.h"

namespace peekproof::cli {
namespace {

constexpr const char* kSceneFooter =
    R"help(Makes a call of which everything is known: a person before a room, filmed by a camera, put before a virtual
background by a service, and sent through a codec. The call and its truth are written to the folder of -o:
call.mp4 and truth/ (docs/scene-format.md), for peekproof score and for tests of your own.

With --matrix, a TOML file says what varies (docs/scene-set-format.md), and a whole set of scenes is made, each in
a folder of its own, with a table and pictures of what leaked. Run it again to go on after an interruption.

The leaked area is told as a share of the real environment, which is what the person left uncovered: fully leaked
(shown as it is at some time), partially (shown at all), and weighted by how strongly. 0 is a perfect background;
services leak 12 to 23 % in the median, by the literature.

Examples:
  peekproof scene -o call
  peekproof scene -o call --engine jitsi --motion stand-up --frames 250 --codec vp8 --bit-rate 800k
  peekproof scene -o call --room office.jpg --wallpaper beach.jpg --seed 7
  peekproof scene --matrix set.toml -o set
  peekproof scene --matrix set.toml --list

Exit codes: 0 complete, 1 failed, 2 usage, 3 partial (interrupted, or some scenes of a set failed).)help";

struct SceneCommandOptions {
  std::vector<std::pair<std::string, std::string>> values;  ///< As given.
  std::string output = "peekproof-scene";
  std::string matrix;
  std::string files;
  std::string by;
  bool list = false;
  bool force = false;
  bool quiet = false;
  int threads = 0;
};

std::string FlagOf(std::string option) {
  std::replace(option.begin(), option.end(), '_', '-');
  return "--" + option;
}

Result<void> ApplyValues(const SceneCommandOptions& options, testbed::SceneOptions* scene) {
  for (const auto& [name, value] : options.values) PEEKPROOF_RETURN_IF_ERROR(SetOption(name, value, scene));
  return scene->Validate();
}

std::string OneSceneText(const testbed::SceneTruth& truth) {
  std::string text = LeakTable({{"", truth}}, "engine") + GrowthLine(truth);
  text +=
      fmt::format("Call:  {} ({}{})\n", truth.video, report::FormatCount(truth.frames, "frame"),
                  truth.lost_frames.empty() ? std::string()
                                            : fmt::format(", {} did not arrive", truth.lost_frames.size()));
  return text;
}

ExitCode MakeOneScene(const SceneCommandOptions& options, const Streams& streams) {
  testbed::SceneOptions scene;
  if (auto applied = ApplyValues(options, &scene); !applied.ok()) return Fail(streams, applied.error());
  if (!options.force && testbed::ReadSceneNumbers(options.output).ok()) {
    return Fail(streams,
                {ErrorCode::kInvalidArgument,
                 "there is a finished scene already; give another folder, or --force: " + options.output});
  }
  const Interrupt interrupt(Interrupt::kNothingKeptNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  const auto truth = testbed::GenerateScene(scene, options.output, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!truth.ok()) return Fail(streams, truth.error());
  for (const std::string& note : truth->notes)
    streams.err << "peekproof: note: " << report::CleanText(note) << '\n';
  if (!options.quiet) streams.out << OneSceneText(*truth);
  return Finish(streams, kComplete);
}

ExitCode ListScenes(const std::vector<testbed::PlannedScene>& scenes, const Streams& streams) {
  for (const testbed::PlannedScene& scene : scenes) streams.out << report::CleanText(scene.name) << '\n';
  return Finish(streams, kComplete);
}

/// Tells of the set as it now is, whatever was made before.
Result<void> ReportSet(const SceneCommandOptions& options, const Streams& streams) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto truths, testbed::ReadSetNumbers(options.output));
  const std::string by = options.by.empty() ? GroupingOf(truths) : options.by;
  PEEKPROOF_ASSIGN_OR_RETURN(const auto files, WriteLeakReport(truths, by, options.output));
  if (options.quiet) return {};
  streams.out << LeakTable(truths, by);
  for (const std::string& file : files) streams.out << report::CleanText(file) << '\n';
  return {};
}

ExitCode MakeSceneSet(const SceneCommandOptions& options, const Streams& streams) {
  auto plan = testbed::ReadSceneSet(options.matrix, options.files);
  if (!plan.ok()) return Fail(streams, plan.error());
  if (auto applied = ApplyValues(options, &plan->common); !applied.ok())
    return Fail(streams, applied.error());
  const std::vector<testbed::PlannedScene> scenes = testbed::ChooseScenes(*plan);
  if (options.list) return ListScenes(scenes, streams);
  const Interrupt interrupt(Interrupt::kSetNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  const auto result = testbed::GenerateSet(scenes, options.output, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!result.ok()) return Fail(streams, result.error());
  for (const testbed::FailedScene& failed : result->failed)
    streams.err << fmt::format("peekproof: {}: {}\n", report::CleanText(failed.name),
                               report::CleanText(failed.error.message));
  for (const auto& [name, note] : result->notes)
    streams.err << fmt::format("peekproof: note: {}: {}\n", report::CleanText(name), report::CleanText(note));
  if (!options.quiet)
    streams.out << fmt::format("{} made, {} there before, {} failed, of {}\n", result->made, result->present,
                               result->failed.size(), scenes.size());
  if (result->made + result->present > 0) {
    if (auto reported = ReportSet(options, streams); !reported.ok()) return Fail(streams, reported.error());
  }
  if (result->complete()) return Finish(streams, kComplete);
  return Finish(streams, result->made + result->present > 0 ? kPartial : kFailed);
}

ExitCode RunScene(const SceneCommandOptions& options, const Streams& streams) {
  testbed::SceneOptions defaults;
  const auto known = testbed::ValuesOf(defaults);
  const auto is_known = [&](const auto& one) { return one.first == options.by; };
  if (!options.by.empty() && std::none_of(known.begin(), known.end(), is_known)) {
    return Fail(streams,
                {ErrorCode::kInvalidArgument, "--by wants the name of an option, not " + options.by});
  }
  const ThreadLimit limit(options.threads);
  if (!options.matrix.empty()) return MakeSceneSet(options, streams);
  if (options.list) return Fail(streams, {ErrorCode::kInvalidArgument, "--list goes with --matrix"});
  return MakeOneScene(options, streams);
}

void AddSceneOptions(CLI::App* app, SceneCommandOptions* options) {
  testbed::SceneOptions defaults;
  for (const engines::ParameterInfo& info : testbed::ParametersOf(&defaults).Describe()) {
    app->add_option_function<std::string>(
           FlagOf(info.name),
           [options, name = info.name](const std::string& value) {
             options->values.emplace_back(name, value);
           },
           info.description)
        ->default_str(info.default_value)
        ->type_name("")
        ->group("The scene");
  }
}

}  // namespace

CommandRun AddScene(CLI::App* app) {
  const auto options = std::make_shared<SceneCommandOptions>();
  app->add_option("-o,--output", options->output, "Folder for the scene, or for the set")
      ->capture_default_str()
      ->type_name("DIR");
  app->add_option("--matrix", options->matrix, "Make a set of scenes")->type_name("FILE.toml");
  app->add_option("--files", options->files, "Where the set's files lie. Default: beside the set file")
      ->type_name("DIR");
  app->add_flag("--list", options->list, "Only print which scenes the set would have");
  app->add_option("--by", options->by, "Option by which the leak of a set is told. Default: the engine")
      ->type_name("NAME");
  app->add_flag("--force", options->force, "Replace a finished scene");
  app->add_option("--threads", options->threads, "Threads; 0: as many as cores. Never changes a byte")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
  app->add_flag("-q,--quiet", options->quiet, "No progress and no tables");
  AddSceneOptions(app, options.get());
  app->footer(kSceneFooter);
  return [options](const Streams& streams) { return RunScene(*options, streams); };
}

}  // namespace peekproof::cli
