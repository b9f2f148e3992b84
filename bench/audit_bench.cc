// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// The whole audit as users run it, beside decoding the same file: frames per second, processor time and peak
// memory; of a virtual background, or with --blur of a blurred one. See docs/developing/run_benchmarks.md.

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit.h"
#include "base/check.h"
#include "base/progress.h"
#include "base/result.h"
#include "media/video_reader.h"
#include "media/video_writer.h"

namespace peekproof {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string program = "build/release/peekproof";
  std::string folder = "build/bench";
  std::vector<std::string> sizes = {"1280x720", "1920x1080"};
  std::string attack;
  std::string find;
  std::string blur;       ///< Spec of the blur before which the call is made; empty: the demo's wallpaper.
  int call_seconds = 20;  ///< Length of the call that is made; it is repeated up to the lengths wanted.
  int seconds = 60;
  int repetitions = 3;
  int threads = 2;
  int long_factor = 10;  ///< Length of the long call in lengths of the short one; 1: leave it out.
};

/// One run of something over all frames of a clip.
struct Sample {
  double wall_s = 0;
  double cpu_s = 0;
  double peak_mib = 0;  ///< Largest resident set of the process; 0 for runs inside this one.
};

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Runs a command to its end, its output going to `log`; a failure ends the benchmark.
Sample RunProgram(std::vector<std::string> words, const std::string& log) {
  const auto start = Clock::now();
  const pid_t child = fork();
  PEEKPROOF_CHECK(child >= 0, "cannot start another process");
  if (child == 0) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  PEEKPROOF_CHECK(wait4(child, &status, 0, &usage) == child, "lost a process");
  PEEKPROOF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "{} failed; its output is in {}", words[0],
                  log);
  return {std::chrono::duration<double>(Clock::now() - start).count(),
          SecondsOf(usage.ru_utime) + SecondsOf(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024.0};
}

template <typename T>
T Unwrap(Result<T> result) {
  PEEKPROOF_CHECK(result.ok(), "{}", result.error().message);
  return std::move(result).value();
}

/// Decodes a clip, and turns each frame into RGB if `convert`. Counts the frames.
Sample Decode(const std::string& clip, int threads, bool convert, int64_t* frames) {
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto start = Clock::now();
  media::ReaderOptions options;
  options.threads = threads;
  auto reader = Unwrap(media::VideoReader::Open(clip, options));
  cv::Mat3b bgr;
  for (*frames = 0; Unwrap(reader->Advance()); ++*frames) {
    if (convert) PEEKPROOF_CHECK(reader->Convert(&bgr).ok(), "a frame cannot be converted");
  }
  const double wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  const double cpu_s = SecondsOf(after.ru_utime) + SecondsOf(after.ru_stime) - SecondsOf(before.ru_utime) -
                       SecondsOf(before.ru_stime);
  return {wall_s, cpu_s, 0};
}

/// A call that was repeated is attacked frame by frame: its later rounds show nothing new, and would be
/// skipped.
Sample Audit(const Options& options, const std::string& clip, bool is_repeated) {
  std::vector<std::string> words{options.program,
                                 "audit",
                                 clip,
                                 "-o",
                                 options.folder + "/audit",
                                 "--threads",
                                 std::to_string(options.threads),
                                 "--quiet"};
  if (!options.attack.empty()) words.insert(words.end(), {"--attack", options.attack});
  if (!options.find.empty()) words.insert(words.end(), {"--find", options.find});
  if (is_repeated) words.emplace_back("--every-frame");
  return RunProgram(words, options.folder + "/audit.log");
}

/// What makes the sample call of that size in a folder.
std::vector<std::string> CommandForCall(const Options& options, const std::string& size,
                                        const std::string& folder) {
  if (options.blur.empty())
    return {options.program, "demo", "-o",        folder,
            "--size",        size,   "--seconds", std::to_string(options.call_seconds)};
  constexpr int kFramesPerSecond = 25;
  return {options.program,
          "scene",
          "--force",
          "-o",
          folder,
          "--size",
          size,
          "--fps",
          std::to_string(kFramesPerSecond),
          "--frames",
          std::to_string(kFramesPerSecond * options.call_seconds),
          "--room",
          "chart",
          "--wallpaper",
          options.blur};
}

/// The sample call of that size, made on first use.
std::string MakeCall(const Options& options, const std::string& size) {
  std::string folder = fmt::format("{}/{}_{}s", options.folder, size, options.call_seconds);
  if (!options.blur.empty()) folder += fmt::format("_{:x}", std::hash<std::string>{}(options.blur));
  std::string clip = folder + "/call.mp4";
  if (!fs::exists(clip)) {
    std::fprintf(stderr, "making %s\n", clip.c_str());
    fs::create_directories(folder);
    RunProgram(CommandForCall(options, size, folder), folder + ".log");
    PEEKPROOF_CHECK(fs::exists(clip), "{} was not left", clip);
  }
  return clip;
}

/// The same call several times over, made on first use: its packets repeated by the ffmpeg tool where that is
/// installed, else encoded anew.
std::string Repeat(const std::string& clip, int times) {
  if (times <= 1) return clip;
  std::string result = fmt::format("{}_x{}.mp4", clip.substr(0, clip.rfind('.')), times);
  if (fs::exists(result)) return result;
  std::fprintf(stderr, "making %s\n", result.c_str());
  const std::string partial = result + ".part.mp4";
  if (std::system("command -v ffmpeg >/dev/null") == 0) {
    RunProgram({"ffmpeg", "-y", "-nostdin", "-loglevel", "error", "-stream_loop", std::to_string(times - 1),
                "-i", clip, "-c", "copy", partial},
               result + ".log");
  } else {
    std::unique_ptr<media::VideoWriter> writer;
    for (int i = 0; i < times; ++i) {
      auto reader = Unwrap(media::VideoReader::Open(clip, {}));
      media::WriterOptions options;
      options.frame_rate = reader->info().frame_rate;
      if (!writer) writer = Unwrap(media::VideoWriter::Create(partial, reader->info().size, options));
      cv::Mat3b bgr;
      while (Unwrap(reader->Advance())) {
        PEEKPROOF_CHECK(reader->Convert(&bgr).ok() && writer->Write(bgr).ok(), "cannot write {}", partial);
      }
    }
    PEEKPROOF_CHECK(writer->Finish().ok(), "cannot finish {}", partial);
  }
  fs::rename(partial, result);
  return result;
}

/// Takes the time between the reports of an audit; what comes before a stage's first report counts as that
/// stage's.
class StageClock : public ProgressSink {
 public:
  void Report(std::string_view stage, int64_t /*done*/, int64_t /*total*/) override {
    if (stages_.empty() || stages_.back().name != stage) stages_.push_back({std::string(stage), 0});
    stages_.back().wall_s += Lap();
  }

  /// Prints each stage in its share of one audit in this process.
  void Print() {
    stages_.push_back({"conclude", Lap()});
    double sum_s = 0;
    for (const Stage& stage : stages_) sum_s += stage.wall_s;
    fmt::print("  stages of an audit:");
    for (const Stage& stage : stages_) {
      fmt::print("  {} {:.2f} s ({:.0f} %)", stage.name, stage.wall_s, 100 * stage.wall_s / sum_s);
    }
    fmt::print("\n");
    std::fflush(stdout);
  }

 private:
  struct Stage {
    std::string name;
    double wall_s;
  };

  double Lap() {
    const auto now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

  Clock::time_point last_ = Clock::now();
  std::vector<Stage> stages_;
};

void PrintStages(const Options& options, const std::string& clip, bool is_repeated) {
  audit::AuditOptions audit;
  audit.input = clip;
  audit.threads = options.threads;
  if (!options.attack.empty()) audit.attack = options.attack;
  if (!options.find.empty()) audit.find = options.find;
  audit.every_frame = is_repeated;
  StageClock clock;
  Unwrap(audit::RunAudit(audit, &clock, {}));
  clock.Print();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void PrintRow(const char* what, const std::vector<Sample>& samples, int64_t frames) {
  std::vector<double> rate;
  std::vector<double> cpu_ms;
  double peak_mib = 0;
  for (const Sample& sample : samples) {
    rate.push_back(static_cast<double>(frames) / sample.wall_s);
    cpu_ms.push_back(1000 * sample.cpu_s / static_cast<double>(frames));
    peak_mib = std::max(peak_mib, sample.peak_mib);
  }
  const auto [low, high] = std::minmax_element(rate.begin(), rate.end());
  fmt::print("  {:<18}{:>10.1f}{:>10.1f} to {:<8.1f}{:>14.2f}", what, Median(rate), *low, *high,
             Median(cpu_ms));
  fmt::print("{:>10}\n", peak_mib > 0 ? fmt::format("{:.0f}", peak_mib) : "");
  std::fflush(stdout);
}

/// Speed at one size: the runs alternate, so that a slow minute of the machine hits all alike.
void BenchSize(const Options& options, const std::string& size) {
  const std::string call = MakeCall(options, size);
  const int times = std::max(1, options.seconds / options.call_seconds);
  const std::string clip = Repeat(call, times);
  int64_t frames = 0;
  Decode(clip, options.threads, false, &frames);
  std::vector<Sample> decode;
  std::vector<Sample> convert;
  std::vector<Sample> audit;
  for (int i = 0; i < options.repetitions; ++i) {
    decode.push_back(Decode(clip, options.threads, false, &frames));
    convert.push_back(Decode(clip, options.threads, true, &frames));
    audit.push_back(Audit(options, clip, times > 1));
  }
  fmt::print("{}, {} frames, {} repetitions\n", size, frames, options.repetitions);
  fmt::print("  {:<18}{:>10}{:>22}{:>14}{:>10}\n", "", "frames/s", "lowest to highest", "CPU ms/frame",
             "peak MiB");
  PrintRow("decode only", decode, frames);
  PrintRow("decode and convert", convert, frames);
  PrintRow("audit", audit, frames);
  PrintStages(options, clip, times > 1);
  if (options.long_factor > 1) {
    const std::string long_clip = Repeat(call, times * options.long_factor);
    PrintRow(fmt::format("audit of {} s", times * options.call_seconds * options.long_factor).c_str(),
             {Audit(options, long_clip, true)}, frames * options.long_factor);
  }
}

/// Pins this process, and so its children, to the first `count` processors that it may use.
int Pin(int count) {
  cpu_set_t allowed;
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  int pinned = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && pinned < count; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    CPU_SET(cpu, &chosen);
    ++pinned;
  }
  return sched_setaffinity(0, sizeof chosen, &chosen) == 0 ? pinned : 0;
}

int Run(int argc, char** argv) {
  Options options;
  CLI::App app("Times the whole audit beside decode-only, and measures its memory");
  app.add_option("--program", options.program, "the peekproof to run")->capture_default_str();
  app.add_option("--folder", options.folder, "where calls are kept")->capture_default_str();
  app.add_option("--sizes", options.sizes, "frame sizes")->delimiter(',')->capture_default_str();
  app.add_option("--blur", options.blur, "spec of a blur that the call is made with; default: a wallpaper");
  app.add_option("--attack", options.attack, "the audit's attack; default: the audit's own");
  app.add_option("--find", options.find, "what the audit looks for in the room; default: the audit's own");
  app.add_option("--call-seconds", options.call_seconds,
                 "length of the call that is made, and repeated where it is shorter than what is timed")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "length of the short call, made of repetitions")
      ->capture_default_str();
  app.add_option("--repetitions", options.repetitions, "runs of each")->capture_default_str();
  app.add_option("--threads", options.threads, "cores to use")->capture_default_str();
  app.add_option("--long-factor", options.long_factor, "length of the long call in short ones; 1: none")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  fs::create_directories(options.folder);
  fmt::print("pinned to {} processors, {} threads\n", Pin(options.threads), options.threads);
  for (const std::string& size : options.sizes) BenchSize(options, size);
  return 0;
}

}  // namespace
}  // namespace peekproof

int main(int argc, char** argv) {
  try {
    return peekproof::Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
