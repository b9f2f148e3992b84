// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/video_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

int FilesIn(const TemporaryFolder& folder) {
  const std::filesystem::directory_iterator entries(folder.path());
  return static_cast<int>(std::distance(begin(entries), end(entries)));
}

TEST(VideoWriterTest, GivesTheSameBytesEveryTime) {
  const TemporaryFolder folder;
  for (const std::string codec : {"libx264", "libvpx-vp9", "mpeg4", "ffv1", "libx265"}) {
    if (!test::HasEncoder(codec)) continue;
    for (const std::string name : {"a.mkv", "b.mkv"}) {
      ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / name, {96, 64}, 10, {.codec = codec}));
    }
    EXPECT_EQ(test::ReadBytes(folder / "a.mkv"), test::ReadBytes(folder / "b.mkv")) << codec;
  }
}

TEST(VideoWriterTest, AnUnfinishedFileLeavesNothing) {
  const TemporaryFolder folder;
  {
    auto writer = VideoWriter::Create(folder / "clip.mp4", {64, 48}, {.codec = "mpeg4"});
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Write(test::NumberedPicture({64, 48}, 0)).ok());
    EXPECT_FALSE(std::filesystem::exists(folder / "clip.mp4"));
    EXPECT_EQ(FilesIn(folder), 1);
  }
  EXPECT_EQ(FilesIn(folder), 0);
}

TEST(VideoWriterTest, IsReadableByTheUserOnly) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.mp4", {64, 48}, 2, {.codec = "mpeg4"}));
  struct stat status {};
  ASSERT_EQ(stat((folder / "clip.mp4").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(FilesIn(folder), 1);
}

TEST(VideoWriterTest, KeepsToTheBitRate) {
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  std::vector<cv::Mat3b> pictures;
  cv::RNG random(2);
  for (int i = 0; i < 50; ++i) {
    pictures.emplace_back(96, 128);
    random.fill(pictures.back(), cv::RNG::UNIFORM, 0, 256);
  }
  for (const int64_t bit_rate : {200000, 800000}) {
    ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "clip.mp4", pictures, {.bit_rate = bit_rate}));
    const double seconds = 50 / 25.0;
    const double rate = static_cast<double>(test::ReadBytes(folder / "clip.mp4").size()) * 8 / seconds;
    EXPECT_NEAR(rate / static_cast<double>(bit_rate), 1.0, 0.4) << bit_rate;
  }
}

TEST(VideoWriterTest, FractionalFrameRate) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.mp4", {64, 48}, 31,
                                                  {.codec = "mpeg4", .frame_rate = 30000.0 / 1001}));
  const test::Clip clip = test::ReadClip(folder / "clip.mp4");
  ASSERT_EQ(clip.times.size(), 31U);
  EXPECT_NEAR(clip.times[30], 1.001, 1e-4);
  EXPECT_NEAR(clip.info.frame_rate, 29.97, 0.01);
}

TEST(VideoWriterTest, TimesMustGrow) {
  const TemporaryFolder folder;
  auto writer = VideoWriter::Create(folder / "clip.mp4", {64, 48}, {.codec = "mpeg4"});
  ASSERT_TRUE(writer.ok());
  const cv::Mat3b picture = test::NumberedPicture({64, 48}, 0);
  EXPECT_TRUE((*writer)->WriteAt(picture, 1.0).ok());
  for (const double time_s : {1.0, 0.5, -1.0, std::nan("")}) {
    const Result<void> written = (*writer)->WriteAt(picture, time_s);
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(VideoWriterTest, SaysWhatItCannotWrite) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& name, const WriterOptions& options, cv::Size size = {64, 48}) {
    const auto writer = VideoWriter::Create(name, size, options);
    EXPECT_FALSE(writer.ok()) << name;
    return writer.ok() ? Error{} : writer.error();
  };
  EXPECT_THAT(error(folder / "a.mp4", {.codec = "libnone"}).message, HasSubstr("libnone"));
  EXPECT_EQ(error(folder / "a.mp4", {.codec = "libnone"}).code, ErrorCode::kUnsupported);
  EXPECT_EQ(error(folder / "a.webm", {.codec = "mpeg4"}).code, ErrorCode::kUnsupported);
  EXPECT_EQ(error(folder / "a.txt", {.codec = "mpeg4"}).code, ErrorCode::kUnsupported);
  EXPECT_EQ(error(folder / "a.m3u8", {.codec = "mpeg4"}).code, ErrorCode::kUnsupported);
  EXPECT_THAT(error(folder / "a.mp4", {.codec = "mpeg4", .pixel_format = "yuv444p"}).message,
              HasSubstr("yuv420p"));
  EXPECT_EQ(error(folder / "a.mp4", {.codec = "mpeg4", .pixel_format = "nonsense"}).code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(error(folder / "none/a.mp4", {.codec = "mpeg4"}).code, ErrorCode::kIo);
  EXPECT_EQ(error(folder / "a.mp4", {.codec = "mpeg4", .crf = 99}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error(folder / "a.mp4", {.codec = "mpeg4", .frame_rate = 0}).code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error(folder / "a.mp4", {.codec = "mpeg4", .realtime = true}).message, HasSubstr("bit rate"));
  EXPECT_EQ(error(folder / "a.mp4", {.codec = "mpeg4"}, {0, 4}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(FilesIn(folder), 0);
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  EXPECT_THAT(error(folder / "a.mp4", {}, {63, 48}).message, HasSubstr("yuv444p, or .webm"));
  EXPECT_EQ(error(folder / "a.mp4", {.preset = "hurried"}).code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(VideoWriter::Create(folder / "a.mp4", {63, 48}, {.pixel_format = "yuv444p"}).ok());
}

}  // namespace
}  // namespace peekproof::media
