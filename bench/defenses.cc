// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What engines let through of the room, and what it costs: every engine on the very same camera frames of
// each call of a set, in memory. One row per call and engine as CSV, and a table of means on the screen.
//
//   build/release/bench/defenses --matrix bench/sets/held_out.toml --files FOOTAGE --csv OUT.csv
//     --engines meet jitsi guard "guard(strength=strict)"
//
// Leak: over a call, of the pixels that the caller left uncovered (paper, section 5.2). Caller lost and edge
// errors: metrics/matte_error.h. Time: Process alone, network included, single runs on one thread; compare
// within one run.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "media/picture.h"
#include "testbed/defense_trial.h"
#include "testbed/scene_parameters.h"
#include "testbed/scene_set.h"
#include "testbed/studio.h"

namespace peekproof {
namespace {

struct Row {
  std::string scene;
  std::string engine;
  testbed::TrialScore score;
};

struct Column {
  const char* name;
  double testbed::TrialScore::*value;
  double scale;
};
constexpr Column kColumns[] = {{"full %", &testbed::TrialScore::full, 100},
                               {"partial %", &testbed::TrialScore::partial, 100},
                               {"weighted %", &testbed::TrialScore::weighted, 100},
                               {"metered %", &testbed::TrialScore::metered, 100},
                               {"worst frame %", &testbed::TrialScore::worst_frame, 100},
                               {"lost %", &testbed::TrialScore::lost, 100},
                               {"extra %", &testbed::TrialScore::extra, 100},
                               {"SAD", &testbed::TrialScore::sad, 1},
                               {"gradient", &testbed::TrialScore::gradient, 1},
                               {"flicker", &testbed::TrialScore::flicker, 1},
                               {"closed %", &testbed::TrialScore::closed, 100},
                               {"ms", &testbed::TrialScore::ms, 1}};

struct Options {
  std::string matrix;
  std::string files;
  std::string csv;
  std::string pictures;
  std::vector<std::string> engines{"meet", "mediapipe", "jitsi", "zoom", "guard"};
  std::vector<std::string> set;
  int scenes = 0;
};

/// What is shown, and below it the errors of alpha: red where the caller is missing, green where the room
/// shows, grey the true matte.
cv::Mat3b PictureOf(const engines::Composite& shown, const image::AlphaMask& caller) {
  cv::Mat3b errors(shown.bgr.size());
  for (int y = 0; y < errors.rows; ++y) {
    for (int x = 0; x < errors.cols; ++x) {
      const float matte = caller.values(y, x);
      const float off = shown.alpha.values(y, x) - matte;
      const auto step = [](float unit) { return cv::saturate_cast<uint8_t>(255 * unit); };
      errors(y, x) = {step(0.4F * matte), step(0.4F * matte + std::max(0.0F, off)),
                      step(0.4F * matte + std::max(0.0F, -off))};
    }
  }
  cv::Mat3b both;
  cv::vconcat(shown.bgr, errors, both);
  return both;
}

/// The camera, with the true matte, and the engines side by side.
Result<void> WritePictures(const std::vector<testbed::DefenseTrial>& contenders, const cv::Mat3b& camera,
                           const image::AlphaMask& caller, const std::string& path) {
  std::vector<cv::Mat3b> pictures{PictureOf({camera, caller}, caller)};
  for (const testbed::DefenseTrial& contender : contenders)
    pictures.push_back(PictureOf(contender.shown(), caller));
  cv::Mat3b all;
  cv::hconcat(pictures, all);
  return media::WritePng(path, all);
}

Result<std::vector<Row>> RunScene(const testbed::PlannedScene& scene, const Options& run) {
  const std::vector<std::string>& engines = run.engines;
  const testbed::SceneOptions& options = scene.options;
  PEEKPROOF_ASSIGN_OR_RETURN(testbed::Studio studio, testbed::Studio::Create(options));
  std::vector<testbed::DefenseTrial> contenders;
  for (const std::string& engine : engines) {
    testbed::SceneOptions own = options;
    own.engine = engine;
    PEEKPROOF_ASSIGN_OR_RETURN(auto contender,
                               testbed::DefenseTrial::Create(own, testbed::Metering::kOn, {}));
    contenders.push_back(std::move(contender));
  }
  image::Frame camera;
  image::AlphaMask caller;
  for (int i = -options.setup_frames; i < 0; ++i) {
    studio.ShootEmpty(i, &camera);
    for (testbed::DefenseTrial& contender : contenders)
      PEEKPROOF_RETURN_IF_ERROR(contender.LearnRoom(camera));
  }
  cv::Mat footage;
  for (int i = 0; i < options.frames; ++i) {
    camera.index = i;
    camera.time_s = options.TimeOf(i);
    PEEKPROOF_RETURN_IF_ERROR(studio.Fetch(i, &footage));
    studio.Shoot(i, footage, &camera.bgr, &caller);
    const ThreadLimit one(1);
    for (testbed::DefenseTrial& contender : contenders)
      PEEKPROOF_RETURN_IF_ERROR(contender.Take(camera, caller));
    // Five of each call.
    if (!run.pictures.empty() && i % std::max(1, options.frames / 5) == options.frames / 10) {
      PEEKPROOF_RETURN_IF_ERROR(WritePictures(contenders, camera.bgr, caller,
                                              fmt::format("{}/{}_{:04}.png", run.pictures, scene.name, i)));
    }
  }
  std::vector<Row> rows;
  for (size_t i = 0; i < engines.size(); ++i) rows.push_back({scene.name, engines[i], contenders[i].Score()});
  return rows;
}

void PrintTable(const std::vector<Row>& rows, const std::vector<std::string>& engines) {
  fmt::print("| engine |");
  for (const Column& column : kColumns) fmt::print(" {} |", column.name);
  fmt::print("\n| --- |");
  for (size_t i = 0; i < std::size(kColumns); ++i) fmt::print(" --- |");
  fmt::print("\n");
  for (const std::string& engine : engines) {
    fmt::print("| {} |", engine);
    for (const Column& column : kColumns) {
      double sum = 0;
      int count = 0;
      for (const Row& row : rows) {
        if (row.engine != engine) continue;
        sum += row.score.*column.value;
        ++count;
      }
      fmt::print(" {:.3f} |", column.scale * sum / std::max(1, count));
    }
    fmt::print("\n");
  }
}

void WriteCsv(const std::vector<Row>& rows, const std::string& path) {
  std::ofstream file(path);
  file << "scene,engine";
  for (const Column& column : kColumns) file << ',' << column.name;
  file << '\n';
  for (const Row& row : rows) {
    file << row.scene << ",\"" << row.engine << '"';
    for (const Column& column : kColumns) file << ',' << column.scale * (row.score.*column.value);
    file << '\n';
  }
}

Result<void> Run(const Options& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(testbed::SceneSetPlan plan,
                             testbed::ReadSceneSet(options.matrix, options.files));
  // The engines are the contenders here: the set's own do not vary.
  std::erase_if(plan.axes, [](const testbed::Axis& axis) { return axis.option == "engine"; });
  if (options.scenes > 0) plan.scenes = options.scenes;
  std::vector<Row> rows;
  for (testbed::PlannedScene& scene : testbed::ChooseScenes(plan)) {
    for (const std::string& text : options.set) {
      const size_t equals = text.find('=');
      if (equals == std::string::npos)
        return Error{ErrorCode::kInvalidArgument, "--set takes OPTION=VALUE, not " + text};
      PEEKPROOF_RETURN_IF_ERROR(
          testbed::SetOption(text.substr(0, equals), text.substr(equals + 1), &scene.options));
    }
    PEEKPROOF_ASSIGN_OR_RETURN(std::vector<Row> more, RunScene(scene, options));
    rows.insert(rows.end(), more.begin(), more.end());
    fmt::print(stderr, "{}\n", scene.name);
    if (!options.csv.empty()) WriteCsv(rows, options.csv);
  }
  PrintTable(rows, options.engines);
  return {};
}

}  // namespace
}  // namespace peekproof

int main(int argc, char** argv) {
  CLI::App app("Leak and price of engines on the same calls");
  peekproof::Options options;
  app.add_option("--matrix", options.matrix, "Set of calls (docs/scene-set-format.md)")->required();
  app.add_option("--files", options.files, "Folder that the set's patterns are relative to");
  app.add_option("--csv", options.csv, "Also write every row here");
  app.add_option("--pictures", options.pictures, "Folder for five pictures of each call");
  app.add_option("--engines", options.engines, "Engine specs");
  app.add_option("--set", options.set, "Scene option for all calls: OPTION=VALUE");
  app.add_option("--scenes", options.scenes, "Take so many calls of the set; 0: as it says");
  CLI11_PARSE(app, argc, argv);
  const auto result = peekproof::Run(options);
  if (!result.ok()) fmt::print(stderr, "{}\n", result.error().message);
  return result.ok() ? 0 : 1;
}
