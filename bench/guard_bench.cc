// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the guard costs beside a service: a frame of 1280x720 with its network and its background, on one
// thread, on the same frames of the test bed's drawn caller.
//   bench/run guard_bench
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "engines/engine.h"
#include "testbed/studio.h"
#include "testbed/wallpaper.h"

namespace peekproof {
namespace {

constexpr int kFrames = 24;
constexpr int kSetUpFrames = 20;

struct Call {
  std::vector<image::Frame> empty;
  std::vector<image::Frame> frames;
};

const Call& SharedCall() {
  static const Call call = [] {
    testbed::SceneOptions options;
    options.frames = kFrames;
    auto studio = testbed::Studio::Create(options);
    PEEKPROOF_CHECK(studio.ok(), "no studio");
    Call made;
    made.empty.resize(kSetUpFrames);
    for (int i = 0; i < kSetUpFrames; ++i) studio->ShootEmpty(i - kSetUpFrames, &made.empty[i]);
    made.frames.resize(kFrames);
    for (int i = 0; i < kFrames; ++i) {
      cv::Mat footage;
      image::AlphaMask caller;
      PEEKPROOF_CHECK(studio->Fetch(i, &footage).ok(), "no footage");
      studio->Shoot(i, footage, &made.frames[i].bgr, &caller);
    }
    return made;
  }();
  return call;
}

void Frame(benchmark::State& state, const std::string& spec, bool set_up) {
  const Call& call = SharedCall();
  const ThreadLimit one(1);
  auto made = engines::MakeEngine(spec);
  PEEKPROOF_CHECK(made.ok(), "no engine");
  engines::Engine& engine = **made;
  if (set_up)
    for (const image::Frame& frame : call.empty) PEEKPROOF_CHECK(engine.LearnRoom(frame).ok(), "not learnt");
  const cv::Mat3b wallpaper(call.frames[0].bgr.size(), cv::Vec3b(90, 160, 200));
  engines::Composite composite;
  int64_t i = 0;
  for (auto _ : state) {
    // There and back again, so that the caller never jumps.
    const auto turn = static_cast<size_t>(i % (2 * kFrames - 2));
    const image::Frame& shot = call.frames[turn < kFrames ? turn : 2 * kFrames - 2 - turn];
    image::Frame frame{shot.bgr, i, 0.04 * static_cast<double>(i)};
    PEEKPROOF_CHECK(engine.Process(frame, wallpaper, &composite).ok(), "not composed");
    ++i;
  }
}

BENCHMARK_CAPTURE(Frame, meet, "meet", false)->Unit(benchmark::kMillisecond)->MinTime(1);
BENCHMARK_CAPTURE(Frame, mediapipe, "mediapipe", false)->Unit(benchmark::kMillisecond)->MinTime(1);
BENCHMARK_CAPTURE(Frame, guard, "guard", true)->Unit(benchmark::kMillisecond)->MinTime(1);
BENCHMARK_CAPTURE(Frame, guard_without_plate, "guard", false)->Unit(benchmark::kMillisecond)->MinTime(1);
BENCHMARK_CAPTURE(Frame, guard_natural, "guard(strength=natural)", true)
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1);
BENCHMARK_CAPTURE(Frame, guard_strict, "guard(strength=strict)", true)
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1);

}  // namespace
}  // namespace peekproof
