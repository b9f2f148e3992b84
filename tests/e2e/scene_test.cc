// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// `peekproof scene` and `peekproof score`: a call with its truth, a set, and the scores of what was
// recovered.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "program.h"

namespace peekproof::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Scene : public ::testing::Test {
 protected:
  /// A small scene that needs no network.
  Outcome Make(const std::string& output, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"scene",    "-o",  output,     "--size", "160x90", "--frames", "12",
                                      "--oracle", "yes", "--engine", "jitsi",  "--look", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return RunPeekproof(words);
  }

  const TemporaryFolder folder_;
  const std::string call_ = folder_ / "call";
};

TEST_F(Scene, IsMadeAndScored) {
  const Outcome made = Make(call_);
  ASSERT_EQ(made.exit_code, kComplete) << made.err;
  EXPECT_THAT(made.err, IsEmpty());
  EXPECT_THAT(made.out, AllOf(HasSubstr("jitsi"), HasSubstr("call.mp4 (12 frames)")));
  for (const char* file : {"call.mp4", "truth/scene.json", "truth/caller.mkv", "truth/leak_alpha.png"})
    EXPECT_TRUE(fs::exists(fs::path(call_) / file)) << file;
  const Outcome scored = RunPeekproof({"score", "room=" + call_ + "/truth/room.png", "--truth", call_,
                                       "--oracle", "--csv", folder_ / "s.csv", "--json", folder_ / "s.json"});
  ASSERT_EQ(scored.exit_code, kComplete) << scored.err;
  EXPECT_THAT(scored.out, AllOf(HasSubstr("wallpaper alone"), HasSubstr("un-blended, true alpha")));
  // Header, the wallpaper, the room and four ceilings; all that leaked is in the true room.
  const std::string csv = ReadFile(folder_ / "s.csv");
  EXPECT_EQ(CountLines(csv), 7);
  EXPECT_THAT(csv, HasSubstr("\ncall,room,1.000000,1.000000,1.000000,"));
  EXPECT_THAT(ReadFile(folder_ / "s.json"), HasSubstr("\"method\": \"room\""));
}

TEST_F(Scene, IsNotReplacedUnasked) {
  ASSERT_EQ(Make(call_).exit_code, kComplete);
  const std::string before = ReadFile(call_ + "/call.mp4");
  const Outcome again = Make(call_, {"--seed", "9"});
  EXPECT_EQ(again.exit_code, kUsage);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  EXPECT_EQ(ReadFile(call_ + "/call.mp4"), before);
  EXPECT_EQ(Make(call_, {"--seed", "9", "--force", "-q"}).exit_code, kComplete);
  EXPECT_NE(ReadFile(call_ + "/call.mp4"), before);
}

TEST_F(Scene, SaysWhatIsWrong) {
  const auto error = [&](const std::vector<std::string>& more, int exit_code) {
    const Outcome outcome = Make(call_, more);
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(error({"--noise", "99"}, kUsage), HasSubstr("noise must be a number from 0 to 20"));
  EXPECT_THAT(error({"--motion", "dance"}, kUsage), HasSubstr("stand-up"));
  EXPECT_THAT(error({"--codec", "theora"}, kUsage), HasSubstr("av1"));
  EXPECT_THAT(error({"--room", folder_ / "no.jpg"}, kFailed), HasSubstr("no.jpg"));
  EXPECT_THAT(error({"--person", folder_ / "no.mp4"}, kFailed), HasSubstr("no.mp4"));
  EXPECT_THAT(RunPeekproof({"scene", "-o", call_, "--engine", "browser:netscape"}).err, HasSubstr("twilio"));
  EXPECT_THAT(error({"--list"}, kUsage), HasSubstr("--matrix"));
}

TEST_F(Scene, ASetIsMadeListedAndGoneOnWith) {
  const std::string file = folder_ / "set.toml";
  WriteFile(file,
            "[scene]\nsize = \"96x54\"\nframes = 5\noracle = true\n"
            "[vary]\nengine = [\"jitsi\", \"mediapipe\"]\nlook = [0, 1, 2]\n[design]\nscenes = 4\n");
  const std::string set = folder_ / "set";
  const Outcome listed = RunPeekproof({"scene", "--matrix", file, "--list"});
  EXPECT_EQ(listed.exit_code, kComplete) << listed.err;
  EXPECT_EQ(CountLines(listed.out), 4);
  const Outcome made = RunPeekproof({"scene", "--matrix", file, "-o", set});
  ASSERT_EQ(made.exit_code, kComplete) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("4 made"), HasSubstr("mediapipe"), HasSubstr("leaks.csv")));
  for (const char* name : {"leaks.csv", "leaks_call.svg", "leaks_frame.svg"})
    EXPECT_TRUE(fs::exists(fs::path(set) / name)) << name;
  EXPECT_THAT(RunPeekproof({"scene", "--matrix", file, "-o", set}).out, HasSubstr("0 made, 4 there before"));
  const Outcome scored = RunPeekproof({"score", "--set", set, "room=truth/ceiling_unblended.png"});
  ASSERT_EQ(scored.exit_code, kComplete) << scored.err;
  EXPECT_THAT(scored.out, HasSubstr("4 scenes; mean (95 % interval), median"));
  EXPECT_EQ(RunPeekproof({"score", "--set", set, "report"}).exit_code, kFailed);
  for (const fs::directory_entry& entry : fs::directory_iterator(set)) {
    if (!entry.is_directory()) continue;
    fs::remove(entry.path() / "truth" / "ceiling_unblended.png");
    break;
  }
  const Outcome partly = RunPeekproof({"score", "--set", set, "room=truth/ceiling_unblended.png"});
  EXPECT_EQ(partly.exit_code, kPartial);
  EXPECT_THAT(partly.err, HasSubstr("1 of 4 scenes lack a reconstruction"));
}

TEST_F(Scene, ScoresSayWhatIsWrong) {
  ASSERT_EQ(Make(call_, {"--truth-frames", "no", "-q"}).exit_code, kComplete);
  const auto error = [&](const std::vector<std::string>& words, int exit_code) {
    const Outcome outcome = RunPeekproof(words);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(error({"score", "a.png"}, kUsage), HasSubstr("--truth or --set"));
  EXPECT_THAT(error({"score", "--truth", call_}, kUsage), HasSubstr("a reconstruction to score"));
  EXPECT_THAT(error({"score", folder_ / "no.png", "--truth", call_}, kFailed), HasSubstr("no.png"));
  EXPECT_THAT(error({"score", call_, "--truth", folder_ / "x"}, kFailed),
              HasSubstr("no finished scene here"));
  EXPECT_THAT(error({"score", "--oracle", "--truth", call_}, kFailed), HasSubstr("truth_frames=yes"));
  EXPECT_THAT(error({"score", "--set", folder_ / "x", "r"}, kFailed),
              HasSubstr("no finished scene lies below"));
}

}  // namespace
}  // namespace peekproof::e2e
