// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Milliseconds per frame of the engines' steps and of whole engines at 1280x720. Names end in the number of
// threads. `fake` runs on a fixed mask, so it holds everything but the network; `real` runs the registry's
// models where they are installed. How long refining takes depends on the mask, so give the real ones a frame
// with a person in it:
//   ffmpeg -i call.mp4 -frames:v 1 -s 1280x720 -pix_fmt bgr24 -f rawvideo frame.bgr
//   PEEKPROOF_BENCH_FRAME=frame.bgr engines_bench --benchmark_filter=real
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "engines/blend.h"
#include "engines/downscale.h"
#include "engines/feather.h"
#include "engines/foreground_colour.h"
#include "engines/gradient_snap.h"
#include "engines/guided_filter.h"
#include "engines/joint_bilateral.h"
#include "engines/luma.h"
#include "engines/profile.h"
#include "engines/quantize.h"
#include "engines/testing.h"
#include "engines/trimap.h"
#include "engines/upscale_mask.h"
#include "models/segmenter.h"

namespace peekproof::engines {
namespace {

const cv::Size kFrame(1280, 720);
const cv::Size kCoarse(256, 144);
constexpr float kEdge = 4.0F;  // Width of the mask's soft edge in mask pixels, as real models leave it.

/// A portrait whose inside and outside are not quite 1 and 0 (up to 3/255 off), as real models leave them:
/// the worst case for a filter that skips uniform places.
cv::Mat1f UnsureMask() {
  cv::Mat1f mask = PortraitMask(kCoarse, kEdge);
  for (int y = 0; y < mask.rows; ++y) {
    RowRandom random(1, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < mask.cols; ++x) {
      const auto off = static_cast<float>(random.Uniform(0, 3.0 / 255));
      mask(y, x) = std::min(1.0F - off, std::max(off, mask(y, x)));
    }
  }
  return mask;
}

class FixedSegmenter : public models::Segmenter {
 public:
  cv::Size input_size() const override { return kCoarse; }
  Result<void> Segment(const cv::Mat3b& /*bgr*/, image::AlphaMask* caller) override {
    mask_.copyTo(caller->values);
    return {};
  }
  std::string description() const override { return "fixed portrait"; }

 private:
  cv::Mat1f mask_ = PortraitMask(kCoarse, kEdge);
};

Result<std::unique_ptr<models::Segmenter>> MakeFixed(const std::string& /*model*/) {
  return std::unique_ptr<models::Segmenter>(std::make_unique<FixedSegmenter>());
}

Result<std::unique_ptr<models::Segmenter>> MakeReal(const std::string& model) {
  return models::MakeSegmenter(model);
}

/// The frame that PEEKPROOF_BENCH_FRAME names (raw BGR of kFrame), else a picture without a person.
cv::Mat3b CameraFrame() {
  cv::Mat3b frame = SmoothColors(kFrame, 1);
  if (const char* path = std::getenv("PEEKPROOF_BENCH_FRAME"); path != nullptr) {
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(frame.data), static_cast<std::streamsize>(frame.total() * 3));
    if (!file) {
      std::fprintf(stderr, "cannot read a raw 1280x720 BGR frame: %s\n", path);
      std::exit(2);
    }
  }
  return frame;
}

void SetFrameCounters(benchmark::State& state) {
  state.counters["fps"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// Bytes per pixel of the frame that a kernel must read and write at least, to set beside memcpy's rate.
void CountBytes(benchmark::State& state, int bytes_per_pixel) {
  state.SetBytesProcessed(state.iterations() * kFrame.area() * bytes_per_pixel);
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

void BM_Downscale(benchmark::State& state, Downscale method) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat3b frame = SmoothColors(kFrame, 1);
  cv::Mat3b small;
  for (auto _ : state) DownscaleFrame(frame, kCoarse, method, &small);
}

void BM_JointBilateral(benchmark::State& state, const cv::Mat1f& mask) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat3b frame = SmoothColors(kFrame, 1);
  cv::Mat1b coarse;
  QuantizeMask(mask, &coarse);
  JointBilateralUpsampler upsampler({});
  cv::Mat1b refined;
  for (auto _ : state) upsampler.Apply(coarse, frame, &refined);
  CountBytes(state, 4);  // Frame read, mask written.
}

void BM_UpscaleMask(benchmark::State& state, UpscaleOptions options) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat1f mask = PortraitMask(kCoarse, kEdge);
  MaskUpscaler upscaler(options);
  cv::Mat1b scaled;
  for (auto _ : state) upscaler.Apply(mask, kFrame, &scaled);
  CountBytes(state, 1);  // Mask written; the coarse one is small.
}

void BM_Luma(benchmark::State& state) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat3b frame = SmoothColors(kFrame, 1);
  cv::Mat1b luma;
  for (auto _ : state) LumaOf(kLumaBt709, frame, &luma);
  CountBytes(state, 4);
}

void BM_GuidedFilter(benchmark::State& state, GuidedFilterOptions options) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  cv::Mat1b guide;
  LumaOf(kLumaBt709, SmoothColors(kFrame, 1), &guide);
  const cv::Mat1f mask = PortraitMask(kCoarse, kEdge);
  GuidedFilter filter(options);
  cv::Mat1f refined;
  for (auto _ : state) filter.Apply(guide, mask, &refined);
  CountBytes(state, 5);  // Guide read, mask written as floats.
}

void BM_GradientSnap(benchmark::State& state, const cv::Mat1f& mask) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat3b frame = SmoothColors(kFrame, 1);
  GradientSnap snap({.reach_px = 32.0F});
  cv::Mat1b refined;
  for (auto _ : state) snap.Apply(mask, frame, &refined);
  CountBytes(state, 4);
}

/// A portrait's alpha at frame size, soft over kEdge mask pixels.
cv::Mat1b FrameMask() {
  cv::Mat1b mask;
  MaskUpscaler({}).Apply(PortraitMask(kCoarse, kEdge), kFrame, &mask);
  return mask;
}

void BM_Feather(benchmark::State& state, int radius_px) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat1b mask = FrameMask();
  OutwardFeather feather(radius_px);
  cv::Mat1b feathered;
  for (auto _ : state) feather.Apply(mask, &feathered);
  CountBytes(state, 2);
}

void BM_Trimap(benchmark::State& state) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat1b mask = FrameMask();
  TrimapMaker maker({});
  cv::Mat1b trimap;
  for (auto _ : state) maker.Apply(mask, &trimap);
  CountBytes(state, 2);
}

void BM_Foreground(benchmark::State& state) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat1b alpha = FrameMask();
  const cv::Mat3b frame = SmoothColors(kFrame, 1);
  ForegroundEstimator estimator;
  cv::Mat3b foreground;
  for (auto _ : state) estimator.Apply(frame, alpha, &foreground);
  CountBytes(state, 7);
  state.counters["active"] = static_cast<double>(estimator.active_share());
}

void BM_Compose(benchmark::State& state, BlendModel model) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  const cv::Mat3b frame = SmoothColors(kFrame, 1);
  const cv::Mat3b wallpaper = SmoothColors(kFrame, 2);
  cv::Mat1b mask;
  MaskUpscaler({}).Apply(PortraitMask(kCoarse, kEdge), kFrame, &mask);
  cv::Mat3b composed;
  for (auto _ : state) Compose(model, mask, frame, wallpaper, &composed);
  CountBytes(state, 7);  // Frame or wallpaper read, mask read, composition written.
}

void BM_Alpha(benchmark::State& state, BlendModel model) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  cv::Mat1b mask;
  MaskUpscaler({}).Apply(PortraitMask(kCoarse, kEdge), kFrame, &mask);
  cv::Mat1f alpha;
  for (auto _ : state) AlphaOfMask(model, mask, &alpha);
}

void BM_Engine(benchmark::State& state, const std::string& spec, const SegmenterMaker& maker) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  auto profile = MakeProfile(spec, maker);
  if (!profile.ok()) return state.SkipWithError(profile.error().message.c_str());
  auto engine = EngineOf(std::move(profile).value());
  const image::Frame frame{CameraFrame(), 0, 0};
  const cv::Mat3b wallpaper = SmoothColors(kFrame, 2);
  Composite composite;
  for (auto _ : state) {
    const auto result = engine->Process(frame, wallpaper, &composite);
    if (!result.ok()) return state.SkipWithError(result.error().message.c_str());
  }
  SetFrameCounters(state);
}

void BM_Matter(benchmark::State& state, const std::string& spec, const SegmenterMaker& maker) {
  const ThreadLimit limit(static_cast<int>(state.range(0)));
  auto profile = MakeProfile(spec, maker);
  if (!profile.ok()) return state.SkipWithError(profile.error().message.c_str());
  auto matter = MatterOf(std::move(profile).value());
  const cv::Mat3b frame = CameraFrame();
  image::AlphaMask alpha;
  image::AlphaMask mask;
  for (auto _ : state) {
    const auto result = matter->Estimate(frame, &alpha, &mask);
    if (!result.ok()) return state.SkipWithError(result.error().message.c_str());
  }
  SetFrameCounters(state);
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
  const BlendModel meet{0.3F, 0.5F, 0.75F, true};
  benchmark::RegisterBenchmark("memcpy", BM_Memcpy)->Unit(benchmark::kMillisecond);
  Register("downscale/nearest", BM_Downscale, Downscale::kNearest);
  Register("downscale/bilinear", BM_Downscale, Downscale::kBilinear);
  Register("refine/joint_bilateral", BM_JointBilateral, PortraitMask(kCoarse, kEdge));
  Register("refine/joint_bilateral_unsure", BM_JointBilateral, UnsureMask());
  Register("refine/bilinear", BM_UpscaleMask, UpscaleOptions{});
  Register("refine/bilinear_blur4", BM_UpscaleMask,
           UpscaleOptions{MaskSampling::kBilinear, 4.0F, MaskBorder::kTransparent});
  Register("edge/luma", BM_Luma);
  Register("edge/guided", BM_GuidedFilter, GuidedFilterOptions{});
  Register("edge/guided_fast4", BM_GuidedFilter, GuidedFilterOptions{8, 1e-4F, 4});
  Register("edge/gradient_snap", BM_GradientSnap, PortraitMask(kCoarse, kEdge));
  Register("edge/gradient_snap_unsure", BM_GradientSnap, UnsureMask());
  Register("edge/feather8", BM_Feather, 8);
  Register("edge/trimap", BM_Trimap);
  Register("edge/foreground", BM_Foreground);
  Register("blend/linear", BM_Compose, BlendModel{});
  Register("blend/meet", BM_Compose, meet);
  Register("alpha/meet", BM_Alpha, meet);
  for (const EngineInfo& info : ListEngines()) {
    Register("engine/fake/" + info.name, BM_Engine, info.name, SegmenterMaker(MakeFixed));
    Register("engine/real/" + info.name, BM_Engine, info.name, SegmenterMaker(MakeReal));
    Register("matter/fake/" + info.name, BM_Matter, info.name, SegmenterMaker(MakeFixed));
    Register("matter/real/" + info.name, BM_Matter, info.name, SegmenterMaker(MakeReal));
  }
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
