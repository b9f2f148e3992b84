// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// `peekproof compare`: the sheet's size, and what a user is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "media/picture.h"
#include "media/test_clips.h"
#include "program.h"

namespace peekproof::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// Runs `peekproof compare` on a picture of patches.
class Compare : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(media::WritePng(input_, media::test::PatchPicture({320, 180})).ok()); }

  Outcome Run(const std::string& engines, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"compare", input_, "-o", output_, "--engines", engines};
    words.insert(words.end(), more.begin(), more.end());
    return RunPeekproof(words);
  }

  const TemporaryFolder folder_;
  const std::string input_ = folder_ / "in.png";
  const std::string output_ = folder_ / "sheet.png";
};

TEST_F(Compare, MakesASheetOfTheSizeThatItSays) {
  const Outcome outcome = Run("meet; jitsi(mode=blur)", {"--columns", "2", "--alpha", "--tile-width", "160"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  // Two rows of two tiles of two pictures: 160x90 pixels, 8 beside each, a label of 28 above.
  EXPECT_EQ(outcome.out, "2 engines, 680x260 pixels: " + output_ + "\n");
  const auto sheet = media::ReadPicture(output_);
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_EQ(sheet->size(), cv::Size(680, 260));
}

TEST_F(Compare, ReplacesAFileOnlyByForce) {
  WriteFile(output_, "keep");
  const Outcome refused = Run("meet");
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_EQ(CountLines(refused.err), 1) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("sheet.png"), HasSubstr("--force")));
  EXPECT_EQ(ReadFile(output_), "keep");
  EXPECT_EQ(Run("meet", {"--force"}).exit_code, kComplete);
  EXPECT_TRUE(media::ReadPicture(output_).ok());
}

TEST_F(Compare, AnEngineWithoutItsModelIsNoted) {
  const std::string broken = "jitsi(model=" + (folder_ / "gone.tflite") + ")";
  const Outcome outcome = Run("meet;" + broken);
  EXPECT_EQ(outcome.exit_code, kPartial) << outcome.err;
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(StartsWith("peekproof: note: jitsi"), HasSubstr("gone.tflite")));
  EXPECT_THAT(outcome.out, StartsWith("1 engine, "));
  EXPECT_TRUE(media::ReadPicture(output_).ok());
}

TEST_F(Compare, WithoutAnyEngineThereIsNoSheet) {
  const Outcome outcome = Run("jitsi(model=" + (folder_ / "gone.tflite") + ")");
  EXPECT_EQ(outcome.exit_code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("peekproof: error: no engine could run"));
  EXPECT_FALSE(fs::exists(output_));
}

TEST_F(Compare, LeavesOutEnginesWithoutABlurOfTheirOwn) {
  const Outcome outcome = Run("", {"--tile-width", "120", "--warm-up", "0"});
  EXPECT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  fs::remove(output_);
  const Outcome named = Run("meet;camaleon");
  EXPECT_EQ(named.exit_code, kPartial);
  EXPECT_THAT(named.err, AllOf(StartsWith("peekproof: note: camaleon: "), HasSubstr("name one, such as")));
}

TEST_F(Compare, MistakesGetOneLineAndNoFile) {
  const auto expect = [&](const Outcome& outcome, int exit_code, const std::vector<std::string>& said) {
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, StartsWith("peekproof: error: "));
    EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
    for (const std::string& part : said) EXPECT_THAT(outcome.err, HasSubstr(part));
    EXPECT_FALSE(fs::exists(output_));
  };
  expect(Run("meet;zorro"), kUsage, {"zorro", "known engines are"});
  expect(Run("meet(wrap=7)"), kUsage, {"wrap", "0 to 1"});
  expect(Run("meet", {"--background", "#12"}), kUsage, {"#rrggbb"});
  expect(Run("meet", {"--background", "fog"}), kUsage, {"fog"});
  expect(Run("meet", {"--background", folder_ / "gone.jpg"}), kFailed, {"gone.jpg", "no such file"});
  expect(Run("meet", {"--at", "9"}), kUsage, {"9 s", "in.png"});
  expect(Run("meet", {"--tile-width", "7"}), kUsage, {"120 to 4096"});
  expect(RunPeekproof({"compare", folder_ / "gone.png", "-o", output_}), kFailed,
         {"gone.png", "no such file"});
  expect(RunPeekproof({"compare", folder_.path(), "-o", output_}), kFailed, {"is a directory"});
  expect(RunPeekproof({"compare", input_, "-o", folder_ / "sheet.jpg"}), kUsage, {"sheet.jpg", ".png"});
  expect(RunPeekproof({"compare", input_, "-o", folder_ / "nowhere/sheet.png", "--engines", "meet"}), kFailed,
         {"nowhere/sheet.png", "folder"});
}

}  // namespace
}  // namespace peekproof::e2e
