// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Milliseconds per frame of every engine profile with an image background, split into its steps, on frames of
// the test bed's caller. Beside them, in the same run on the same frames, a plain implementation with OpenCV
// alone. Every frame is segmented: lag, stride and kept masks of a profile do not make it look cheaper.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "allocation_counter.h"
#include "base/check.h"
#include "base/parallel.h"
#include "engines/blend.h"
#include "engines/profile.h"
#include "models/segmenter.h"
#include "testbed/demo.h"
#include "testbed/studio.h"
#include "testbed/wallpaper.h"

namespace peekproof {
namespace {

struct Options {
  cv::Size size{1280, 720};
  int frames = 24;
  int repetitions = 5;
  std::vector<int> threads = {1, 2};
  std::vector<std::string> engines;
};

/// Processor time of all threads of this process, in milliseconds.
double ProcessorTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

double WallTime() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double Quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

/// What one frame goes through. Steps are timed one by one.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void Infer(const cv::Mat3b& camera) = 0;
  virtual void Refine(const cv::Mat3b& camera) = 0;
  virtual void Blend(const cv::Mat3b& camera, const cv::Mat3b& wallpaper) = 0;
};

class ProfileSubject : public Subject {
 public:
  explicit ProfileSubject(std::unique_ptr<engines::Profile> profile) : profile_(std::move(profile)) {}
  void Infer(const cv::Mat3b& camera) override {
    PEEKPROOF_CHECK(profile_->Segment(camera, &coarse_).ok(), "the network failed");
  }
  void Refine(const cv::Mat3b& camera) override {
    profile_->Track(&coarse_);
    profile_->Refine(coarse_, camera, &mask_);
  }
  void Blend(const cv::Mat3b& camera, const cv::Mat3b& wallpaper) override {
    engines::AlphaOfMask(profile_->blend_model(), mask_, &alpha_);
    engines::Compose(profile_->blend_model(), mask_, camera, wallpaper, &composed_);
  }

 private:
  std::unique_ptr<engines::Profile> profile_;
  image::AlphaMask coarse_;
  cv::Mat1b mask_;
  cv::Mat1f alpha_;
  cv::Mat3b composed_;
};

/// The obvious way: cv::resize, the network on OpenCV dnn, cv::resize, cv::bilateralFilter's cheap stand-in
/// GaussianBlur, and a float blend with whole-matrix operations.
class OpenCvSubject : public Subject {
 public:
  explicit OpenCvSubject(std::unique_ptr<models::Segmenter> segmenter) : segmenter_(std::move(segmenter)) {}
  void Infer(const cv::Mat3b& camera) override {
    cv::resize(camera, small_, segmenter_->input_size());
    PEEKPROOF_CHECK(segmenter_->Segment(small_, &coarse_).ok(), "the network failed");
  }
  void Refine(const cv::Mat3b& camera) override {
    cv::resize(coarse_.values, alpha_, camera.size());
    cv::GaussianBlur(alpha_, alpha_, {}, 4.0);
  }
  void Blend(const cv::Mat3b& camera, const cv::Mat3b& wallpaper) override {
    cv::cvtColor(alpha_, alpha3_, cv::COLOR_GRAY2BGR);
    camera.convertTo(camera_, CV_32F);
    wallpaper.convertTo(wallpaper_, CV_32F);
    cv::subtract(camera_, wallpaper_, camera_);
    cv::multiply(camera_, alpha3_, camera_);
    cv::add(camera_, wallpaper_, camera_);
    camera_.convertTo(composed_, CV_8U);
  }

 private:
  std::unique_ptr<models::Segmenter> segmenter_;
  image::AlphaMask coarse_;
  cv::Mat3b small_;
  cv::Mat1f alpha_;
  cv::Mat3f alpha3_;
  cv::Mat3f camera_;
  cv::Mat3f wallpaper_;
  cv::Mat3b composed_;
};

struct Times {
  std::vector<double> step[3];
  std::vector<double> wall;
  double allocations = 0;  ///< Per frame, after the first round.
};

/// Runs all frames so many times; the first round warms up and is not counted.
Times TimeSubject(Subject* subject, const std::vector<cv::Mat3b>& frames, const cv::Mat3b& wallpaper,
                  int repetitions) {
  Times times;
  for (auto* values : {&times.step[0], &times.step[1], &times.step[2], &times.wall}) {
    values->reserve(frames.size() * static_cast<size_t>(repetitions));
  }
  int64_t allocations = 0;
  for (int round = 0; round <= repetitions; ++round) {
    const int64_t before = AllocationCount();
    for (const cv::Mat3b& frame : frames) {
      const double wall = WallTime();
      const double start = ProcessorTime();
      subject->Infer(frame);
      const double inferred = ProcessorTime();
      subject->Refine(frame);
      const double refined = ProcessorTime();
      subject->Blend(frame, wallpaper);
      const double blended = ProcessorTime();
      if (round == 0) continue;
      times.step[0].push_back(inferred - start);
      times.step[1].push_back(refined - inferred);
      times.step[2].push_back(blended - refined);
      times.wall.push_back(WallTime() - wall);
    }
    if (round > 0) allocations += AllocationCount() - before;
  }
  times.allocations = static_cast<double>(allocations) / static_cast<double>(times.wall.size());
  return times;
}

void PrintRow(const std::string& name, const Times& times) {
  std::vector<double> total(times.wall.size());
  for (size_t i = 0; i < total.size(); ++i) {
    total[i] = times.step[0][i] + times.step[1][i] + times.step[2][i];
  }
  fmt::print("{:<20} {:7.2f} {:7.2f} {:7.2f} {:8.2f} ({:5.2f} to {:5.2f}) {:9.2f} {:7.1f}\n", name,
             Quantile(times.step[0], 0.5), Quantile(times.step[1], 0.5), Quantile(times.step[2], 0.5),
             Quantile(total, 0.5), Quantile(total, 0.1), Quantile(total, 0.9), Quantile(times.wall, 0.5),
             times.allocations);
  std::fflush(stdout);
}

void PrintMemcpy(cv::Size size) {
  const cv::Mat3b source(size, cv::Vec3b(1, 2, 3));
  cv::Mat3b target(size);
  std::vector<double> times;
  for (int i = 0; i < 200; ++i) {
    const double start = ProcessorTime();
    std::memcpy(target.data, source.data, source.total() * 3);
    times.push_back(ProcessorTime() - start);
  }
  fmt::print("memcpy of one frame: {:.3f} ms processor time, {:.1f} GB/s moved\n", Quantile(times, 0.5),
             static_cast<double>(source.total()) * 6e-6 / Quantile(times, 0.5));
}

void Run(const Options& options) {
  testbed::SceneOptions scene = testbed::DemoScene({});
  scene.size = options.size;
  const testbed::Studio studio = testbed::Studio::Create(scene).value();
  std::vector<cv::Mat3b> frames(static_cast<size_t>(options.frames));
  image::AlphaMask caller;
  for (int i = 0; i < options.frames; ++i) studio.Shoot(4 * i, {}, &frames[static_cast<size_t>(i)], &caller);
  const cv::Mat3b wallpaper =
      testbed::MakeWallpaper(testbed::WallpaperKind::kBeach, scene.seed, options.size);
  PrintMemcpy(options.size);
  for (const int threads : options.threads) {
    const ThreadLimit limit(threads);
    fmt::print("\n{}x{}, {} frames x {} repetitions, {} thread(s); processor time, ms per frame: median\n",
               options.size.width, options.size.height, options.frames, options.repetitions, threads);
    fmt::print("{:<20} {:>7} {:>7} {:>7} {:>8} {:<16} {:>9} {:>7}\n", "engine", "infer", "refine", "blend",
               "total", "(10 to 90 %)", "wall", "allocs");
    for (const engines::ProfileEntry& entry : engines::ProfileEntries()) {
      const std::string& name = entry.info.name;
      if (!options.engines.empty() &&
          std::find(options.engines.begin(), options.engines.end(), name) == options.engines.end()) {
        continue;
      }
      auto profile =
          engines::MakeProfile(name, [](const std::string& model) { return models::MakeSegmenter(model); });
      if (!profile.ok()) {
        fmt::print("{:<20} not run: {}\n", name, profile.error().message);
        continue;
      }
      ProfileSubject subject(std::move(profile).value());
      PrintRow(name, TimeSubject(&subject, frames, wallpaper, options.repetitions));
    }
    auto segmenter = models::MakeSegmenter("landscape", models::BackendKind::kOpenCv);
    if (!segmenter.ok()) continue;
    OpenCvSubject plain(std::move(segmenter).value());
    PrintRow("plain OpenCV", TimeSubject(&plain, frames, wallpaper, options.repetitions));
  }
}

}  // namespace
}  // namespace peekproof

int main(int argc, char** argv) {
  peekproof::Options options;
  CLI::App app("Times the engine profiles, step by step.");
  app.add_option("--width", options.size.width, "Of the frames")->capture_default_str();
  app.add_option("--height", options.size.height, "Of the frames")->capture_default_str();
  app.add_option("--frames", options.frames, "Different frames")->capture_default_str();
  app.add_option("--repetitions", options.repetitions, "Rounds over them")->capture_default_str();
  app.add_option("--threads", options.threads, "Thread limits to run under")->capture_default_str();
  app.add_option("--engines", options.engines, "Names; default: all");
  CLI11_PARSE(app, argc, argv);
  peekproof::Run(options);
  return 0;
}
