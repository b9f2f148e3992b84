// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Milliseconds per frame of the backgrounds at 1280x720. Names end in the number of threads. A blur with
// weighted=1 leaves out a portrait. `depth` has its depth given; `depth/network` is the registry's network
// alone, where it is installed.
#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "base/parallel.h"
#include "engines/blur.h"
#include "engines/testing.h"
#include "engines/upscale_mask.h"
#include "engines/video_background.h"
#include "models/depth_estimator.h"

namespace peekproof::engines {
namespace {

const cv::Size kFrame(1280, 720);

cv::Mat1b CallerMask() {
  cv::Mat1b caller;
  MaskUpscaler({}).Apply(PortraitMask({256, 144}, 4.0F), kFrame, &caller);
  return caller;
}

/// Grows from left to right.
cv::Mat1w SlopingDepth() {
  cv::Mat1w depth(kFrame);
  for (int y = 0; y < kFrame.height; ++y) {
    for (int x = 0; x < kFrame.width; ++x)
      depth(y, x) = cv::saturate_cast<uint16_t>(x * 65535 / kFrame.width);
  }
  return depth;
}

void BM_Memcpy(benchmark::State& state) {
  const cv::Mat3b source = RandomColors(kFrame, 1);
  cv::Mat3b target(kFrame);
  for (auto _ : state) {
    std::memcpy(target.data, source.data, source.total() * 3);
    benchmark::DoNotOptimize(target.data);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(source.total()) * 6);
}

void Run(benchmark::State& state, Background* background) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  image::Frame camera{SmoothColors(kFrame, 1), 0, 0};
  const cv::Mat1b caller = CallerMask();
  if (const auto first = background->Draw({camera, caller}); !first.ok()) {  // Allocates.
    return state.SkipWithError(first.error().message.c_str());
  }
  for (auto _ : state) {
    const auto drawn = background->Draw({camera, caller});
    if (!drawn.ok()) return state.SkipWithError(drawn.error().message.c_str());
    camera.time_s += 1.0 / 30;
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(camera.bgr.total()) * 6);
}

void BM_Blur(benchmark::State& state, const std::string& spec) {
  const cv::Mat1w depth = SlopingDepth();
  BlurInputs inputs;
  inputs.depth = [&](const image::Frame&) -> Result<const cv::Mat1w*> { return &depth; };
  auto background = MakeBlur(spec, inputs);
  if (!background.ok()) return state.SkipWithError(background.error().message.c_str());
  Run(state, background->get());
}

/// Every frame a new picture of another size: the dearest case.
void BM_Video(benchmark::State& state) {
  const cv::Mat3b picture = SmoothColors({1920, 1080}, 1);
  int64_t serial = 0;
  const auto background = MakeVideoBackground(
      [&](double) -> Result<VideoPicture> {
        return VideoPicture{&picture, serial++};
      },
      Fit::kCover);
  Run(state, background.get());
}

void BM_DepthNetwork(benchmark::State& state) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  auto estimator = models::MakeDepthEstimator("tcmonodepth");
  if (!estimator.ok()) return state.SkipWithError(estimator.error().message.c_str());
  const cv::Mat3b picture = SmoothColors((*estimator)->input_size(), 1);
  cv::Mat1f distance;
  for (auto _ : state) {
    const auto done = (*estimator)->Estimate(picture, &distance);
    if (!done.ok()) return state.SkipWithError(done.error().message.c_str());
  }
}

template <typename Function, typename... Arguments>
void Register(const std::string& name, Function function, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), function, arguments...)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Arg(1)
      ->Arg(2);
}

void RegisterAll() {
  benchmark::RegisterBenchmark("memcpy", BM_Memcpy)->Unit(benchmark::kMillisecond);
  for (const char* spec : {"gaussian(sigma=3)",
                           "gaussian(sigma=8)",
                           "gaussian(sigma=25)",
                           "gaussian(sigma=3,weighted=1)",
                           "gaussian(sigma=25,weighted=1)",
                           "gaussian(sigma=7,kernel=21)",
                           "gaussian(sigma=7,kernel=21,weighted=1)",
                           "gaussian(sigma=25,keep=320x180+100+100)",
                           "box(size=25)",
                           "box(size=25,weighted=1)",
                           "box(size=101)",
                           "dual-kawase(levels=4)",
                           "dual-kawase(levels=4,weighted=1)",
                           "kawase(passes=5)",
                           "kawase(passes=10)",
                           "kawase(passes=10,weighted=0)",
                           "bokeh(radius=4)",
                           "bokeh(radius=24)",
                           "bokeh(radius=24,weighted=1)",
                           "bokeh(radius=80)",
                           "volcomix",
                           "volcomix(weighted=0)",
                           "livekit",
                           "chime",
                           "depth"}) {
    Register(std::string("blur/") + spec, BM_Blur, std::string(spec));
  }
  Register("depth/network", BM_DepthNetwork);
  Register("video/new_picture", BM_Video);
}

}  // namespace
}  // namespace peekproof::engines

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  peekproof::engines::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
