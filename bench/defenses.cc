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
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "engines/leak_meter.h"
#include "media/picture.h"
#include "metrics/matte_error.h"
#include "testbed/leak_truth.h"
#include "testbed/scene_parameters.h"
#include "testbed/scene_set.h"
#include "testbed/service.h"
#include "testbed/studio.h"

namespace peekproof {
namespace {

struct Row {
  std::string scene;
  std::string engine;
  double full = 0;  ///< Shares of the uncovered room over the call.
  double partial = 0;
  double weighted = 0;
  double worst_frame = 0;  ///< Largest weighted leak of one frame, share of its room.
  double lost = 0;
  double extra = 0;
  double sad = 0;
  double gradient = 0;
  double flicker = 0;
  double ms = 0;       ///< Median of the frames.
  double metered = 0;  ///< Weighted, as LeakMeter tells it without truth.
  double closed = 0;   ///< Share of the frames that show no caller.
};

struct Column {
  const char* name;
  double Row::*value;
  double scale;
};
constexpr Column kColumns[] = {{"full %", &Row::full, 100},
                               {"partial %", &Row::partial, 100},
                               {"weighted %", &Row::weighted, 100},
                               {"metered %", &Row::metered, 100},
                               {"worst frame %", &Row::worst_frame, 100},
                               {"lost %", &Row::lost, 100},
                               {"extra %", &Row::extra, 100},
                               {"SAD", &Row::sad, 1},
                               {"gradient", &Row::gradient, 1},
                               {"flicker", &Row::flicker, 1},
                               {"closed %", &Row::closed, 100},
                               {"ms", &Row::ms, 1}};

/// One engine on one call.
class Contender {
 public:
  static Result<Contender> Create(testbed::SceneOptions options, const std::string& engine) {
    options.engine = engine;
    PEEKPROOF_ASSIGN_OR_RETURN(auto service, testbed::MakeService(options, {}));
    return Contender(std::move(service), options.size);
  }

  Result<void> LearnRoom(const image::Frame& camera) {
    meter_.LearnRoom(camera.bgr);
    return service_->LearnRoom(camera);
  }

  Result<void> Take(const image::Frame& camera, const image::AlphaMask& caller) {
    const auto start = std::chrono::steady_clock::now();
    PEEKPROOF_RETURN_IF_ERROR(service_->Process(camera, caller, &shown_));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    ms_.push_back(took.count());
    meter_.Add(camera, shown_);
    const testbed::FrameLeak leak = leak_.Add(caller, shown_.alpha, shown_.shown == engines::Shown::kRaw);
    worst_ = std::max(worst_, leak.weighted_px / static_cast<double>(std::max<int64_t>(1, leak.room_px)));
    closed_ += shown_.shown == engines::Shown::kComposed ? 0 : 1;
    // Frames at which it was closed on purpose would say nothing of its edges.
    if (shown_.shown == engines::Shown::kComposed) matte_.Add(caller, shown_.alpha);
    return {};
  }

  const engines::Composite& shown() const { return shown_; }

  Row Finish(const std::string& scene, const std::string& engine) {
    const testbed::CallLeak leak = leak_.CallSoFar();
    const auto room = static_cast<double>(std::max(1, cv::countNonZero(leak_.uncovered())));
    const metrics::MatteError& error = matte_.result();
    std::nth_element(ms_.begin(), ms_.begin() + static_cast<std::ptrdiff_t>(ms_.size() / 2), ms_.end());
    return {scene,
            engine,
            static_cast<double>(leak.full_px) / room,
            static_cast<double>(leak.partial_px) / room,
            leak.weighted_px / room,
            worst_,
            error.lost_share(),
            error.extra_share(),
            error.sad(),
            error.gradient_error(),
            error.flicker(),
            ms_[ms_.size() / 2],
            meter_.leak().weighted_share(),
            static_cast<double>(closed_) / static_cast<double>(ms_.size())};
  }

 private:
  Contender(std::unique_ptr<testbed::Service> service, cv::Size size)
      : service_(std::move(service)), leak_(size) {}

  std::unique_ptr<testbed::Service> service_;
  testbed::LeakTruth leak_;
  metrics::MatteErrorMeter matte_;
  engines::LeakMeter meter_;
  engines::Composite shown_;
  std::vector<double> ms_;
  double worst_ = 0;
  int closed_ = 0;
};

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
Result<void> WritePictures(const std::vector<Contender>& contenders, const cv::Mat3b& camera,
                           const image::AlphaMask& caller, const std::string& path) {
  std::vector<cv::Mat3b> pictures{PictureOf({camera, caller}, caller)};
  for (const Contender& contender : contenders) pictures.push_back(PictureOf(contender.shown(), caller));
  cv::Mat3b all;
  cv::hconcat(pictures, all);
  return media::WritePng(path, all);
}

Result<std::vector<Row>> RunScene(const testbed::PlannedScene& scene, const Options& run) {
  const std::vector<std::string>& engines = run.engines;
  const testbed::SceneOptions& options = scene.options;
  PEEKPROOF_ASSIGN_OR_RETURN(testbed::Studio studio, testbed::Studio::Create(options));
  std::vector<Contender> contenders;
  for (const std::string& engine : engines) {
    PEEKPROOF_ASSIGN_OR_RETURN(Contender contender, Contender::Create(options, engine));
    contenders.push_back(std::move(contender));
  }
  image::Frame camera;
  image::AlphaMask caller;
  for (int i = -options.setup_frames; i < 0; ++i) {
    studio.ShootEmpty(i, &camera);
    for (Contender& contender : contenders) PEEKPROOF_RETURN_IF_ERROR(contender.LearnRoom(camera));
  }
  cv::Mat footage;
  for (int i = 0; i < options.frames; ++i) {
    camera.index = i;
    camera.time_s = options.TimeOf(i);
    PEEKPROOF_RETURN_IF_ERROR(studio.Fetch(i, &footage));
    studio.Shoot(i, footage, &camera.bgr, &caller);
    const ThreadLimit one(1);
    for (Contender& contender : contenders) PEEKPROOF_RETURN_IF_ERROR(contender.Take(camera, caller));
    // Five of each call.
    if (!run.pictures.empty() && i % std::max(1, options.frames / 5) == options.frames / 10) {
      PEEKPROOF_RETURN_IF_ERROR(WritePictures(contenders, camera.bgr, caller,
                                              fmt::format("{}/{}_{:04}.png", run.pictures, scene.name, i)));
    }
  }
  std::vector<Row> rows;
  for (size_t i = 0; i < engines.size(); ++i) rows.push_back(contenders[i].Finish(scene.name, engines[i]));
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
        sum += row.*column.value;
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
    for (const Column& column : kColumns) file << ',' << column.scale * (row.*column.value);
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
