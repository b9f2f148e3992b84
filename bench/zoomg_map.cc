// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// zoomg as published, with a map of every colour of every pixel, beside ours of bounded memory, on one
// recording: time per frame, peak memory, and on how many pixels they agree.
//   zoomg_map CALL.mp4 --frames 100 200 400 --size 640 360
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "attacks/exact_zoomg.h"
#include "attacks/zoomg.h"
#include "base/check.h"
#include "base/parallel.h"
#include "media/video_reader.h"

namespace peekproof {
namespace {

using Clock = std::chrono::steady_clock;
constexpr uint32_t kNothing = 0xFFFFFFFF;  ///< No colour.

template <typename T>
T Unwrap(Result<T> result) {
  PEEKPROOF_CHECK(result.ok(), "{}", result.error().message);
  return std::move(result).value();
}

/// The first `count` frames, scaled to `size`, one after the other.
class Frames {
 public:
  Frames(const std::string& path, cv::Size size, int count)
      : reader_(Unwrap(media::VideoReader::Open(path, {}))), size_(size), left_(count) {}

  bool Next(cv::Mat3b* bgr) {
    if (left_-- == 0) return false;
    PEEKPROOF_CHECK(Unwrap(reader_->Advance()), "the recording has fewer frames");
    PEEKPROOF_CHECK(reader_->ConvertScaled(size_, bgr).ok(), "a frame cannot be converted");
    return true;
  }

 private:
  std::unique_ptr<media::VideoReader> reader_;
  cv::Size size_;
  int left_;
};

struct Run {
  const char* name;
  void (*recover)(const std::string& path, cv::Size size, int count, uint32_t* answers);
};

void RecoverByMaps(const std::string& path, cv::Size size, int count, uint32_t* answers) {
  std::vector<attacks::ExactZoomg> maps(static_cast<size_t>(size.area()), attacks::ExactZoomg({}));
  Frames frames(path, size, count);
  cv::Mat3b bgr;
  while (frames.Next(&bgr)) {
    ParallelRows(size.height, [&](int first, int end) {
      for (int y = first; y < end; ++y)
        for (int x = 0; x < size.width; ++x)
          maps[static_cast<size_t>(y * size.width + x)].Add(attacks::PackColour(bgr(y, x)));
    });
  }
  for (size_t i = 0; i < maps.size(); ++i) answers[i] = maps[i].Answer().value_or(kNothing);
}

void RecoverBounded(const std::string& path, cv::Size size, int count, uint32_t* answers) {
  attacks::Zoomg attack({});
  image::Frame frame;
  for (int survey = 0; survey < attack.surveys(); ++survey) {
    Frames frames(path, size, count);
    while (frames.Next(&frame.bgr)) attack.Survey(survey, frame);
  }
  const auto gatherer = attack.MakeGatherer();
  attacks::FrameEvidence evidence;
  Frames frames(path, size, count);
  while (frames.Next(&evidence.frame.bgr)) gatherer->Add(evidence);
  const image::Reconstruction room = gatherer->Finish();
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      answers[y * size.width + x] = room.evidence(y, x) > 0 ? attacks::PackColour(room.bgr(y, x)) : kNothing;
}

/// Memory that a child shares with its parent.
uint32_t* Shared(size_t count) {
  void* memory =
      mmap(nullptr, count * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  PEEKPROOF_CHECK(memory != MAP_FAILED, "no memory for {} answers", count);
  return static_cast<uint32_t*>(memory);
}

/// In a process of its own, so that its peak is its own.
void Measure(const Run& run, const std::string& path, cv::Size size, int count, uint32_t* answers) {
  const auto start = Clock::now();
  const pid_t child = fork();
  PEEKPROOF_CHECK(child >= 0, "cannot start another process");
  if (child == 0) {
    run.recover(path, size, count, answers);
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  PEEKPROOF_CHECK(wait4(child, &status, 0, &usage) == child && status == 0, "{} failed", run.name);
  const double wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  fmt::print("{:<10}{:>8}{:>14.2f}{:>12.0f}\n", run.name, count, 1000 * wall_s / count,
             static_cast<double>(usage.ru_maxrss) / 1024.0);
}

void Compare(const std::string& path, cv::Size size, int count) {
  const auto pixels = static_cast<size_t>(size.area());
  uint32_t* by_maps = Shared(pixels);
  uint32_t* bounded = Shared(pixels);
  Measure({"map", RecoverByMaps}, path, size, count, by_maps);
  Measure({"bounded", RecoverBounded}, path, size, count, bounded);
  size_t same = 0;
  for (size_t i = 0; i < pixels; ++i) same += by_maps[i] == bounded[i] ? 1 : 0;
  fmt::print("{:<10}{:>8}   equal on {:.3f} % of the pixels\n", "", count,
             100.0 * static_cast<double>(same) / static_cast<double>(pixels));
  std::fflush(stdout);
}

int Main(int argc, char** argv) {
  std::string path;
  std::vector<int> counts{100, 200, 400};
  std::vector<int> size{640, 360};
  CLI::App app("zoomg's map of all colours beside ours of bounded memory", "zoomg_map");
  app.add_option("recording", path, "A call")->required()->check(CLI::ExistingFile);
  app.add_option("--frames", counts, "Lengths in frames")->check(CLI::PositiveNumber);
  app.add_option("--size", size, "Width and height that frames are scaled to")
      ->expected(2)
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  fmt::print("{:<10}{:>8}{:>14}{:>12}\n", "", "frames", "ms/frame", "peak MiB");
  std::fflush(stdout);
  for (const int count : counts) Compare(path, {size[0], size[1]}, count);
  return 0;
}

}  // namespace
}  // namespace peekproof

int main(int argc, char** argv) {
  try {
    return peekproof::Main(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "zoomg_map: {}\n", error.what());
    return 1;
  }
}
