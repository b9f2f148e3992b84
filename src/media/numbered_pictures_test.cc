// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/numbered_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "media/picture.h"
#include "media/picture_sequence.h"
#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

TEST(NumberedPicturesTest, ComeBackAsTheyWere) {
  const TemporaryFolder folder;
  std::vector<cv::Mat3b> pictures;
  cv::RNG random(3);
  for (int i = 0; i < 12; ++i) {
    pictures.emplace_back(20, 31);
    random.fill(pictures.back(), cv::RNG::UNIFORM, 0, 256);
  }
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "100%%_%d.png", pictures, {}));
  EXPECT_TRUE(std::filesystem::exists(folder / "100%_0.png"));
  EXPECT_TRUE(std::filesystem::exists(folder / "100%_11.png"));
  const test::Clip clip = test::ReadClip(folder / "100%%_%d.png");
  ASSERT_FALSE(clip.error) << clip.error->message;
  ASSERT_EQ(clip.pictures.size(), 12U);
  for (size_t i = 0; i < 12; ++i) EXPECT_EQ(cv::norm(clip.pictures[i], pictures[i], cv::NORM_INF), 0) << i;
  struct stat status {};
  ASSERT_EQ(stat((folder / "100%_0.png").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(NumberedPicturesTest, UnfinishedOnesGoAgain) {
  const TemporaryFolder folder;
  {
    auto writer = VideoWriter::Create(folder / "out_%04d.png", {32, 32}, {});
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->WriteAt(test::NumberedPicture({32, 32}, 1), 0.7).ok());
    EXPECT_TRUE(std::filesystem::exists(folder / "out_0000.png"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NumberedPicturesTest, SaysWhatDoesNotGo) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& name, const WriterOptions& options = {}) {
    const auto writer = VideoWriter::Create(folder / name, {32, 32}, options);
    EXPECT_FALSE(writer.ok()) << name;
    return writer.ok() ? Error{} : writer.error();
  };
  EXPECT_EQ(error("out_%d.jpg").code, ErrorCode::kUnsupported);
  EXPECT_EQ(error("none/out_%d.png").code, ErrorCode::kIo);
  WriterOptions with_sound;
  with_sound.audio = AudioRange{.path = "call.mp4"};
  EXPECT_THAT(error("out_%d.png", with_sound).message, HasSubstr("--drop-audio"));
  ASSERT_TRUE(WritePng(folder / "out_5.png", test::NumberedPicture({32, 32}, 0)).ok());
  EXPECT_EQ(error("out_%d.png").code, ErrorCode::kInvalidArgument);
  auto writer = VideoWriter::Create(folder / "mixed_%d.png", {32, 32}, {});
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->Write(cv::Mat::zeros(32, 32, CV_8UC1)).ok());
  EXPECT_EQ((*writer)->Write(cv::Mat::zeros(32, 32, CV_8UC3)).error().code, ErrorCode::kInvalidArgument);
}

TEST(PictureNameTest, FillsThePatternIn) {
  EXPECT_EQ(PictureName("a/out_%04d.png", 7), "a/out_0007.png");
  EXPECT_EQ(PictureName("out_%04d.png", 123456), "out_123456.png");
  EXPECT_EQ(PictureName("%d.png", 0), "0.png");
  EXPECT_EQ(PictureName("50%%_%02d.png", 3), "50%_03.png");
  EXPECT_TRUE(IsPicturePattern("out_%04d.PNG"));
  EXPECT_FALSE(IsPicturePattern("out_%04d.mkv"));
  EXPECT_FALSE(IsPicturePattern("out.png"));
}

}  // namespace
}  // namespace peekproof::media
