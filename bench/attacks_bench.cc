// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Milliseconds per 1280x720 frame of the attack's own steps, without networks, on a generated call, on one
// thread:
//   attacks_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <opencv2/core.hpp>
#include <vector>

#include "attacks/colour_distance.h"
#include "attacks/largest_leak_first.h"
#include "attacks/leak_finder.h"
#include "attacks/synthetic_scene.h"
#include "attacks/unmix.h"
#include "base/parallel.h"
#include "image/ciede2000.h"
#include "image/colour_vote.h"

namespace peekproof::attacks {
namespace {

constexpr int kFrames = 12;

/// A call at 720p: every 12th frame, so that the caller is somewhere else each time.
struct Call {
  Call() : scene(Options()), wallpaper(Wallpaper::Of(scene.wallpaper())) {
    LeakFinder finder({});
    for (int t = 0; t < kFrames; ++t) {
      FrameEvidence evidence = scene.At(12 * t).evidence;
      finder.Find(evidence.frame.bgr, *wallpaper, evidence.engine_mask, evidence.caller, &evidence.leak,
                  &evidence.leak_px);
      doubtful.push_back(DoubtfulPixels(evidence.engine_alpha.values, evidence.caller.values));
      frames.push_back(evidence);
    }
  }
  static SyntheticSceneOptions Options() {
    SyntheticSceneOptions options;
    options.size = {1280, 720};
    return options;
  }
  SyntheticScene scene;
  std::shared_ptr<const Wallpaper> wallpaper;
  std::vector<FrameEvidence> frames;
  std::vector<cv::Mat1b> doubtful;
};

const Call& TheCall() {
  static const Call call;
  return call;
}

/// Runs `step(frame number)` once per iteration, on one thread.
template <typename Step>
void EachFrame(benchmark::State& state, const Step& step) {
  TheCall();
  const ThreadLimit limit(1);
  cv::setNumThreads(1);
  size_t frame = 0;
  for (auto _ : state) {
    step(frame % kFrames);
    ++frame;
  }
}

void BM_Lab(benchmark::State& state) {
  EachFrame(state, [](size_t t) {
    benchmark::DoNotOptimize(image::LabPlanesOf(TheCall().frames[t].frame.bgr).a.data);
  });
}

void BM_Ciede2000WholeFrame(benchmark::State& state) {
  const image::LabPlanes frame = image::LabPlanesOf(TheCall().frames[0].frame.bgr);
  const image::LabPlanes& wallpaper = TheCall().wallpaper->lab;
  cv::Mat1f difference(frame.a.size());
  EachFrame(state, [&](size_t) {
    for (int y = 0; y < difference.rows; ++y) {
      image::Ciede2000Row({frame.lightness[y], frame.a[y], frame.b[y]},
                          {wallpaper.lightness[y], wallpaper.a[y], wallpaper.b[y]}, difference.cols,
                          difference[y]);
    }
    benchmark::DoNotOptimize(difference.data);
  });
}

void BM_ColourVote(benchmark::State& state) {
  image::ColourVote vote({1280, 720});
  EachFrame(state, [&](size_t t) {
    if (vote.frames() >= 512) vote = image::ColourVote({1280, 720});
    vote.Add(TheCall().frames[t].frame.bgr, TheCall().doubtful[t]);
  });
}

void BM_ClassifyColours(benchmark::State& state) {
  ColourClassifier classifier(4.0F, 10.0F);
  const cv::Mat1b skip(720, 1280, uchar{0});
  cv::Mat1b classes;
  EachFrame(state, [&](size_t t) {
    classifier.Classify(TheCall().frames[t].frame.bgr, *TheCall().wallpaper, skip, &classes);
  });
}

void BM_FindLeak(benchmark::State& state) {
  LeakFinder finder({});
  image::BinaryMask leak;
  int64_t leak_px = 0;
  EachFrame(state, [&](size_t t) {
    const FrameEvidence& evidence = TheCall().frames[t];
    finder.Find(evidence.frame.bgr, *TheCall().wallpaper, evidence.engine_mask, evidence.caller, &leak,
                &leak_px);
  });
  state.counters["leak_px"] = static_cast<double>(leak_px);
}

void BM_LargestLeakFirst(benchmark::State& state) {
  LargestLeakFirst gatherer({1280, 720});
  EachFrame(state, [&](size_t t) { gatherer.Add(TheCall().frames[t]); });
}

/// Time moves on from frame to frame, so that the slots fill and compete as in a long call.
void BM_UnmixAdd(benchmark::State& state) {
  Unmix unmix(TheCall().wallpaper, engines::BlendModel{});
  double time_s = 0;
  EachFrame(state, [&](size_t t) {
    FrameEvidence evidence = TheCall().frames[t];
    evidence.frame.time_s = time_s;
    time_s += 0.04;
    unmix.Add(evidence);
  });
}

void BM_UnmixFinish(benchmark::State& state) {
  Unmix unmix(TheCall().wallpaper, engines::BlendModel{});
  for (const FrameEvidence& evidence : TheCall().frames) unmix.Add(evidence);
  EachFrame(state, [&](size_t) { benchmark::DoNotOptimize(unmix.Finish().bgr.data); });
}

BENCHMARK(BM_Lab)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Ciede2000WholeFrame)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ColourVote)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ClassifyColours)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FindLeak)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LargestLeakFirst)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_UnmixAdd)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_UnmixFinish)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace peekproof::attacks
