// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/output_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

std::string Refusal(const std::string& path, const std::vector<std::string>& inputs, Overwrite overwrite) {
  const Result<void> checked = CheckOutput(path, inputs, overwrite);
  if (checked.ok()) return "";
  EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(checked.error().message, testing::EndsWith(": " + path));
  return checked.error().message;
}

TEST(OutputPathTest, AnExistingFileTakesForce) {
  const TemporaryFolder folder;
  EXPECT_EQ(Refusal(folder / "out.mp4", {}, Overwrite::kRefuse), "");
  test::WriteText(folder / "out.mp4", "something");
  EXPECT_THAT(Refusal(folder / "out.mp4", {}, Overwrite::kRefuse), HasSubstr("--force"));
  EXPECT_EQ(Refusal(folder / "out.mp4", {}, Overwrite::kAllow), "");
}

TEST(OutputPathTest, TheInputIsRefusedByAnyName) {
  const TemporaryFolder folder;
  test::WriteText(folder / "in.mp4", "something");
  test::WriteText(folder / "other.mp4", "something");
  std::filesystem::create_symlink(folder / "in.mp4", folder / "symbolic.mp4");
  std::filesystem::create_hard_link(folder / "in.mp4", folder / "hard.mp4");
  const std::vector<std::string> inputs = {folder / "none.mp4", folder / "in.mp4"};
  for (const std::string name : {"in.mp4", "./in.mp4", "symbolic.mp4", "hard.mp4"}) {
    for (const Overwrite overwrite : {Overwrite::kRefuse, Overwrite::kAllow}) {
      EXPECT_THAT(Refusal(folder / name, inputs, overwrite), HasSubstr("the output is the input")) << name;
    }
  }
  EXPECT_EQ(Refusal(folder / "other.mp4", inputs, Overwrite::kAllow), "");
}

TEST(OutputPathTest, OnlyFilesAreReplaced) {
  const TemporaryFolder folder;
  EXPECT_THAT(Refusal(folder.path().string(), {}, Overwrite::kAllow), HasSubstr("folder"));
  ASSERT_EQ(mkfifo((folder / "pipe.mp4").c_str(), 0600), 0);
  EXPECT_THAT(Refusal(folder / "pipe.mp4", {}, Overwrite::kAllow), HasSubstr("pipe"));
  EXPECT_THAT(Refusal("/dev/null", {}, Overwrite::kAllow), HasSubstr("device"));
}

TEST(OutputPathTest, NumberedPicturesThatExistAreNeverMixed) {
  const TemporaryFolder folder;
  const std::string pattern = folder / "out_%04d.png";
  EXPECT_EQ(Refusal(pattern, {}, Overwrite::kRefuse), "");
  test::WriteText(folder / "out_1.png", "another pattern");
  EXPECT_EQ(Refusal(pattern, {}, Overwrite::kRefuse), "");
  test::WriteText(folder / "out_0007.png", "this pattern");
  EXPECT_THAT(Refusal(pattern, {}, Overwrite::kRefuse), HasSubstr("remove them"));
  EXPECT_THAT(Refusal(pattern, {}, Overwrite::kAllow), HasSubstr("remove them"));
}

}  // namespace
}  // namespace peekproof::media
