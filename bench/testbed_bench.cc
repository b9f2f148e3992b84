// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Milliseconds per 1280x720 frame of making a scene, stage by stage and as a whole, and per reconstruction of
// scoring it, on one thread; items_per_second are frames a second of one core:
//   testbed_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/check.h"
#include "base/parallel.h"
#include "metrics/oracle.h"
#include "metrics/score.h"
#include "testbed/call_recorder.h"
#include "testbed/demo.h"
#include "testbed/leak_truth.h"
#include "testbed/open_room.h"
#include "testbed/scene.h"
#include "testbed/truth_videos.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

SceneOptions CallOptions() {
  SceneOptions options = DemoScene({});
  options.raw.clear();
  options.frames = 25;
  options.write_frames = true;
  return options;
}

std::unique_ptr<Scene> Open(const SceneOptions& options) {
  auto scene = Scene::Create(options);
  PEEKPROOF_CHECK(scene.ok(), "{}", scene.error().message);
  return *std::move(scene);
}

fs::path Folder() {
  fs::path folder = fs::temp_directory_path() / "peekproof_testbed_bench";
  fs::create_directories(folder / "truth");
  return folder;
}

/// A frame that went through the engine, and its scene.
struct Passed {
  Passed() : scene(Open(CallOptions())) {
    PEEKPROOF_CHECK(scene->Next(&frame).ok() && scene->Next(&frame).ok(), "no frame");
    QuantiseMatte(&frame.caller);
    QuantiseMatte(&frame.shown.alpha);
  }
  std::unique_ptr<Scene> scene;
  SceneFrame frame;
};

void BM_Shoot(benchmark::State& state, SceneOptions options) {
  const ThreadLimit limit(1);
  const auto scene = Open(options);
  SceneFrame frame;
  int64_t index = 0;
  for (auto _ : state) {
    PEEKPROOF_CHECK(scene->Fetch(index++ % 250, &frame).ok(), "no frame");
    scene->Shoot(&frame);
  }
  state.SetItemsProcessed(state.iterations());
}

SceneOptions With(float compose_scale) {
  SceneOptions options = CallOptions();
  options.camera.compose_scale = compose_scale;
  return options;
}

void BM_Engine(benchmark::State& state) {
  const ThreadLimit limit(1);
  Passed passed;
  for (auto _ : state) PEEKPROOF_CHECK(passed.scene->Pass(&passed.frame).ok(), "no frame");
  state.SetItemsProcessed(state.iterations());
}

void BM_Truth(benchmark::State& state) {
  const ThreadLimit limit(1);
  Passed passed;
  LeakTruth truth(passed.frame.camera.bgr.size());
  for (auto _ : state) {
    QuantiseMatte(&passed.frame.caller);
    QuantiseMatte(&passed.frame.shown.alpha);
    benchmark::DoNotOptimize(truth.Add(passed.frame.caller, passed.frame.shown.alpha, false).weighted_px);
    benchmark::DoNotOptimize(truth.CallSoFar().weighted_px);
  }
}

void BM_Oracle(benchmark::State& state) {
  const ThreadLimit limit(1);
  Passed passed;
  LeakTruth truth(passed.frame.camera.bgr.size());
  truth.Add(passed.frame.caller, passed.frame.shown.alpha, false);
  const image::AlphaMask leak{truth.frame_leak()};
  metrics::Oracle oracle(passed.frame.camera.bgr.size());
  for (auto _ : state)
    oracle.Add({passed.frame.shown.bgr, passed.scene->wallpaper(), passed.frame.shown.alpha, leak, 0});
}

void BM_WriteMattes(benchmark::State& state) {
  const ThreadLimit limit(1);
  Passed passed;
  auto writer = TruthVideoWriter::Create(Folder().string(), passed.frame.camera.bgr.size(), 25, false);
  PEEKPROOF_CHECK(writer.ok(), "{}", writer.error().message);
  double time_s = 0;
  for (auto _ : state) {
    const TruthFrame frame{time_s, passed.frame.caller, passed.frame.shown.alpha, passed.frame.shown.alpha};
    PEEKPROOF_CHECK((*writer)->Write(frame, {}).ok(), "not written");
    time_s += 0.04;
  }
}

void BM_Encode(benchmark::State& state, ChannelCodec codec) {
  const ThreadLimit limit(1);
  const auto scene = Open(CallOptions());
  ChannelOptions channel;
  channel.codec = codec;
  auto recorder = CallRecorder::Create(Folder().string(), scene->options().size, 25, channel, 1);
  PEEKPROOF_CHECK(recorder.ok(), "{}", recorder.error().message);
  SceneFrame frames[8];
  for (SceneFrame& frame : frames) PEEKPROOF_CHECK(scene->Next(&frame).ok(), "no frame");
  int64_t index = 0;
  for (auto _ : state) {
    const auto received =
        (*recorder)->Write(frames[index % 8].shown.bgr, index, static_cast<double>(index) / 25);
    PEEKPROOF_CHECK(received.ok(), "{}", received.error().message);
    ++index;
  }
}

void BM_WholeScene(benchmark::State& state, bool write_frames) {
  const ThreadLimit limit(1);
  SceneOptions options = CallOptions();
  options.write_frames = write_frames;
  for (auto _ : state) {
    const auto truth = GenerateScene(options, Folder().string(), nullptr, {});
    PEEKPROOF_CHECK(truth.ok(), "{}", truth.error().message);
  }
  state.SetItemsProcessed(state.iterations() * options.frames);
}

void BM_Score(benchmark::State& state) {
  const ThreadLimit limit(1);
  const cv::Size size(1280, 720);
  const cv::Mat3b room = OpenRoom("drawn", 1, size)->bgr;
  metrics::LeakTruth truth{{cv::Mat1f(size, 0.5F)}, room, cv::Mat3b(size, cv::Vec3b(120, 90, 60)), {}, {}};
  auto painted = image::Reconstruction::Absent(size);
  room.copyTo(painted.bgr);
  painted.evidence.setTo(1);
  painted.confidence.setTo(0.5F);
  for (auto _ : state) benchmark::DoNotOptimize(metrics::ScoreReconstruction(painted, truth).at_4.recall);
}

BENCHMARK_CAPTURE(BM_Shoot, Plain, With(1))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Shoot, ComposedAtTwiceTheSize, With(2))->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Engine)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Truth)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Oracle)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_WriteMattes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Encode, H264, ChannelCodec::kH264)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Encode, Vp9, ChannelCodec::kVp9)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Encode, Av1, ChannelCodec::kAv1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_WholeScene, WithMattes, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_WholeScene, WithoutMattes, false)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Score)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace peekproof::testbed
