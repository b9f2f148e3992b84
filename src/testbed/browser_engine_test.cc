// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/browser_engine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const cv::Size kPictureSize(8, 4);

/// What every script of a fake harness begins with: it greets, notes its arguments and takes the wallpaper.
constexpr const char* kOpening = R"sh(cd "$(dirname "$0")"
echo "$*" > arguments
echo x >> starts
echo 'begin {"engine":"fake"}'
head -c 128 > wallpaper
weight() { head -c 64 /dev/zero | tr '\0' "$1"; }
)sh";
/// Even frames: the camera; odd ones: the wallpaper. The first frame is raw.
constexpr const char* kTurns = R"sh(n=0
while :; do
  head -c 128 > frame
  [ "$(wc -c < frame)" -eq 128 ] || exit 0
  if [ $((n % 2)) -eq 0 ]; then
    echo "frame $n $((n == 0)) $n"; cat frame; weight '\377'
  else
    echo "frame $n 0 1"; cat wallpaper; weight '\0'
  fi
  n=$((n + 1))
done
)sh";

/// A folder that takes the harness's place, with a shell script for its program.
class BrowserEngineTest : public testing::Test {
 protected:
  BrowserEngineTest() {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / fmt::format("peekproof_browser_{}_{}", info->name(), ::getpid());
    fs::remove_all(root_);
    fs::create_directories(root_ / "node_modules");
    options_.program = "sh";
    options_.patience_s = 20;
    ::setenv("PEEKPROOF_PEERS", root_.c_str(), 1);
  }
  ~BrowserEngineTest() override {
    ::unsetenv("PEEKPROOF_PEERS");
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  void WriteHarness(const std::string& script) const { std::ofstream(root_ / "stream.mjs") << script; }
  std::string Text(const char* name) const {
    std::ifstream file(root_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Result<std::unique_ptr<BrowserEngine>> Create(const std::string& spec = "browser:twilio") const {
    return BrowserEngine::Create(spec, kPictureSize, options_, stop_.get_token());
  }
  std::string CreationError(const std::string& spec = "browser:twilio") const {
    const auto engine = Create(spec);
    EXPECT_FALSE(engine.ok());
    return engine.ok() ? std::string() : engine.error().message;
  }
  static image::Frame Camera(int number) {
    image::Frame frame{
        .bgr = cv::Mat3b(kPictureSize, cv::Vec3b(10, 20, 30)), .index = number, .time_s = number / 25.0};
    frame.bgr(1, 2) = {static_cast<uint8_t>(number), 200, 7};
    return frame;
  }

  fs::path root_;
  BrowserOptions options_;
  mutable std::stop_source stop_;
  const cv::Mat3b wallpaper_{kPictureSize, cv::Vec3b(1, 2, 250)};
};

TEST_F(BrowserEngineTest, EachFrameGetsItsOwnAnswer) {
  WriteHarness(std::string(kOpening) + kTurns);
  auto engine = Create("browser:livekit");
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  EXPECT_EQ((*engine)->about_json(), R"({"engine":"fake"})");
  engines::Composite composite;
  for (int i = 0; i < 5; ++i) {
    const image::Frame camera = Camera(i);
    const Result<void> passed = (*engine)->Process(camera, wallpaper_, &composite);
    ASSERT_TRUE(passed.ok()) << passed.error().message;
    const bool shows_camera = i % 2 == 0;
    EXPECT_EQ(cv::norm(composite.bgr, shows_camera ? camera.bgr : wallpaper_, cv::NORM_L1), 0) << i;
    EXPECT_EQ(cv::norm(composite.alpha.values - (shows_camera ? 1.0F : 0.0F), cv::NORM_INF), 0) << i;
    EXPECT_EQ(composite.shown, i == 0 ? engines::Shown::kRaw : engines::Shown::kComposed);
  }
  EXPECT_EQ((*engine)->channel_spread(), 4);
  EXPECT_EQ(Text("arguments"), "--engine livekit --size 8x4\n");
}

TEST_F(BrowserEngineTest, ResetStartsAnew) {
  WriteHarness(std::string(kOpening) + kTurns);
  auto engine = Create();
  ASSERT_TRUE(engine.ok());
  engines::Composite composite;
  for (int i = 0; i < 3; ++i) {
    (*engine)->Reset();
    ASSERT_TRUE((*engine)->Process(Camera(i), wallpaper_, &composite).ok());
    EXPECT_EQ(composite.shown, engines::Shown::kRaw);
  }
  EXPECT_EQ(Text("starts"), "x\nx\nx\nx\n");
}

TEST_F(BrowserEngineTest, FailuresAreToldInTheHarnessesWords) {
  const auto failure = [&](const std::string& script) {
    WriteHarness(kOpening + script);
    auto engine = Create();
    EXPECT_TRUE(engine.ok());
    engines::Composite composite;
    EXPECT_TRUE((*engine)->Process(Camera(0), wallpaper_, &composite).ok());
    const Result<void> passed = (*engine)->Process(Camera(1), wallpaper_, &composite);
    EXPECT_FALSE(passed.ok());
    EXPECT_EQ(passed.error().code, ErrorCode::kInternal);
    return passed.error().message;
  };
  const std::string first =
      "head -c 128 > frame; echo 'frame 0 0 0'; cat frame; weight '\\0'; head -c 128 > frame\n";
  EXPECT_EQ(failure(first + "echo 'page: the model did not load' >&2; exit 1"),
            "browser engine twilio: it ended with status 1: page: the model did not load");
  EXPECT_EQ(failure(first + "exit 0"), "browser engine twilio: it ended with status 0");
  EXPECT_EQ(failure(first + "echo 'frame 2 0 0'; cat frame; weight '\\0'; sleep 60"),
            "browser engine twilio: its answer to frame 1 is not one");
  EXPECT_EQ(failure(first + "echo 'frame 1 0 0'; cat frame; exit 0"),
            "browser engine twilio: it ended with status 0");
  options_.patience_s = 0.5;
  EXPECT_EQ(failure(first + "sleep 60"), "browser engine twilio: no answer for 0.5 s");
}

TEST_F(BrowserEngineTest, AnInterruptionEndsTheProgram) {
  WriteHarness(std::string(kOpening) + "echo $$ > pid; sleep 60");
  pid_t pid = 0;
  {
    auto engine = Create();
    ASSERT_TRUE(engine.ok());
    const std::jthread asker([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      stop_.request_stop();
    });
    engines::Composite composite;
    const Result<void> passed = (*engine)->Process(Camera(0), wallpaper_, &composite);
    ASSERT_FALSE(passed.ok());
    EXPECT_EQ(passed.error().code, ErrorCode::kInterrupted);
    pid = std::stoi(Text("pid"));
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST_F(BrowserEngineTest, SaysWhatIsMissing) {
  EXPECT_THAT(CreationError(), HasSubstr("set PEEKPROOF_PEERS to bench/peers"));
  WriteHarness("echo 'Chromium does not start from /usr/bin/chromium; run bench/peers/setup' >&2; exit 1");
  EXPECT_THAT(CreationError(), HasSubstr("run bench/peers/setup"));
  WriteHarness("echo hello; sleep 60");
  EXPECT_THAT(CreationError(), HasSubstr("another protocol"));
  options_.program = "peekproof-no-node";
  EXPECT_THAT(CreationError(), HasSubstr("peekproof-no-node does not start"));
  EXPECT_THAT(CreationError(), HasSubstr("run bench/peers/setup"));
  fs::remove_all(root_ / "node_modules");
  EXPECT_THAT(CreationError(), HasSubstr("run bench/peers/setup"));
}

TEST_F(BrowserEngineTest, KnowsItsSpecs) {
  EXPECT_TRUE(IsBrowserSpec("browser:twilio"));
  EXPECT_FALSE(IsBrowserSpec("twilio"));
  EXPECT_EQ(BrowserEngineName("browser:shiguredo").value(), "shiguredo");
  EXPECT_THAT(CreationError("browser:zoom"), HasSubstr("\"browser:zoom\"; choose one of: browser:twilio"));
  EXPECT_FALSE(BrowserEngineName("livekit").ok());
  WriteHarness(std::string(kOpening) + kTurns);
  auto engine = Create();
  ASSERT_TRUE(engine.ok());
  engines::Composite composite;
  const image::Frame other{.bgr = cv::Mat3b(4, 4, cv::Vec3b(0, 0, 0)), .index = 0, .time_s = 0};
  EXPECT_EQ((*engine)->Process(other, wallpaper_, &composite).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::testbed
