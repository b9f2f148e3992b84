// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// `peekproof advise`: what would have closed a leak, on the test bed and on a camera clip.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "program.h"

namespace peekproof::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// A small drawn call and its camera, made once.
class Advise : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    MakeCall("call", {});
    MakeCall("camera", {"--raw", "0:40"});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  static void MakeCall(const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words = {
        "scene", "-o",       *folder_ / name, "--size", "320x180", "--drawn-height", "180", "--frames",
        "40",    "--engine", "mediapipe",     "--seed", "4",       "--truth-frames", "no",  "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome made = RunPeekproof(words);
    ASSERT_EQ(made.exit_code, kComplete) << made.err;
  }

  static std::string Call() { return *folder_ / "call/call.mp4"; }
  static std::string Camera() { return *folder_ / "camera/call.mp4"; }

  static Outcome Run(const std::vector<std::string>& more, const RunOptions& options = {}) {
    std::vector<std::string> words = {"advise", Call(), "--engine", "mediapipe", "--frames", "10"};
    words.insert(words.end(), more.begin(), more.end());
    return RunPeekproof(words, options);
  }

  static TemporaryFolder* folder_;
};
TemporaryFolder* Advise::folder_ = nullptr;

TEST_F(Advise, TellsOnTheTestBedWhatWouldHaveClosedTheLeak) {
  const Outcome outcome = Run({"--calls", "1", "--json"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  const auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << outcome.out;
  EXPECT_EQ(json.at("tried").at("on"), "test_bed");
  EXPECT_EQ(json.at("tried").at("case").at("width"), 320);
  EXPECT_EQ(json.at("tried").at("calls"), 1);
  EXPECT_EQ(json.at("tried").at("frames"), 10);
  EXPECT_THAT(json.at("best").get<std::string>(), StartsWith("guard"));
  double last = 0;
  for (const auto& setting : json.at("settings")) {
    EXPECT_GE(setting.at("leak"), last) << "sorted";
    last = setting.at("leak");
  }
  EXPECT_EQ(json.at("settings").size(), 15U);
}

TEST_F(Advise, TakesSettingsOfTheUsersOwn) {
  const Outcome outcome = Run({"--calls", "2", "--settings", "jitsi", "guard(reach=4)"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("as it is"), HasSubstr("jitsi"), HasSubstr("guard(reach=4), set-up shot"),
                    HasSubstr("2 drawn calls of 10 frames"), HasSubstr("of the room instead of")));
}

TEST_F(Advise, QuietSaysWhatIsBestOnly) {
  const Outcome outcome = Run({"--calls", "1", "--settings", "guard", "-q"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_EQ(CountLines(outcome.out), 1) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(StartsWith("guard"), HasSubstr("would have shown")));
}

TEST_F(Advise, TriesTheCameraClip) {
  const Outcome outcome = Run({"--camera", Camera(), "--plate", *folder_ / "camera/truth/room.png",
                               "--camera-frames", "12", "--settings", "guard", "--json"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << outcome.out;
  EXPECT_EQ(json.at("tried").at("on"), "camera");
  EXPECT_EQ(json.at("tried").at("plate"), true);
  EXPECT_EQ(json.at("tried").at("frames"), 12);
  EXPECT_EQ(json.at("settings").size(), 3U);
  EXPECT_TRUE(json.at("settings").at(0).at("caller_lost").is_null());
}

TEST_F(Advise, InterruptedTellsWhatWasTried) {
  // A slow build may be stopped before the first frame, which leaves nothing: then later.
  Outcome outcome;
  for (RunOptions options{.interrupt_after_cpu_s = 2}; options.interrupt_after_cpu_s < 100;
       options.interrupt_after_cpu_s *= 2) {
    outcome = RunPeekproof({"advise", Call(), "--engine", "mediapipe", "--calls", "100"}, options);
    if (outcome.exit_code != kFailed) break;
    EXPECT_THAT(outcome.err, HasSubstr("interrupted before any setting was tried"));
  }
  EXPECT_EQ(outcome.exit_code, kPartial) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("will be told"));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("as it is"), HasSubstr("stopped early")));
}

/// What is wrong with a call of advise, and what its one line has to name.
struct Mistake {
  std::vector<std::string> words;
  int exit_code = kFailed;
  std::string said;
};

TEST_F(Advise, MistakesGetOneLine) {
  WriteFile(*folder_ / "notes.mp4", "Dear diary,\nthis is no video.\n");
  const std::vector<Mistake> mistakes = {
      {{"advise"}, kUsage, "video"},
      {{"advise", *folder_ / "gone.mp4", "--engine", "meet"}, kFailed, "gone.mp4"},
      {{"advise", *folder_ / "notes.mp4", "--engine", "meet"}, kFailed, "notes.mp4"},
      {{"advise", Call(), "--engine", "nobody"}, kUsage, "nobody"},
      {{"advise", Call(), "--settings", "meet(wrap=much)"}, kUsage, "wrap"},
      {{"advise", Call(), "--plate", "room.png"}, kUsage, "--camera"},
      {{"advise", Call(), "--frames", "3"}, kUsage, "frames"},
      {{"advise", Call(), "--calls", "0"}, kUsage, "calls"},
      {{"advise", Call(), "--engine", "meet", "--camera", *folder_ / "gone.mp4"}, kFailed, "gone.mp4"},
      {{"advise", Call(), "--engine", "meet", "--camera", Camera(), "--plate", *folder_ / "gone.png"},
       kFailed,
       "gone.png"},
  };
  for (const Mistake& mistake : mistakes) {
    const Outcome outcome = RunPeekproof(mistake.words);
    EXPECT_EQ(outcome.exit_code, mistake.exit_code) << mistake.said << ": " << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty()) << mistake.said;
    EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(StartsWith("peekproof: error: "), HasSubstr(mistake.said)));
  }
}

}  // namespace
}  // namespace peekproof::e2e
