// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/looped_video.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "media/picture.h"
#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;

int NumberAt(LoopedVideo* video, double time_s) {
  const Result<const cv::Mat3b*> frame = video->At(time_s);
  EXPECT_TRUE(frame.ok()) << frame.error().message;
  return frame.ok() ? test::NumberOf(**frame) : -1;
}

std::unique_ptr<LoopedVideo> Open(const std::string& path, const ReaderOptions& options = {}) {
  auto video = LoopedVideo::Create(path, options);
  EXPECT_TRUE(video.ok()) << video.error().message;
  return std::move(video).value();
}

TEST(LoopedVideoTest, ShowsItsFramesAtItsOwnRateOverAndOver) {
  const TemporaryFolder folder;
  for (const std::string ending : {".y4m", ".mkv", ".mp4"}) {
    const std::string codec = ending == ".y4m" ? "rawvideo" : "mpeg4";
    ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "loop" + ending, test::NumberedPictures({32, 32}, 7),
                                            {.codec = codec, .frame_rate = 10}));
    const auto video = Open(folder / "loop" + ending);
    // A call at 25 frames a second: frame k shows what starts at or before 0.04 k.
    for (int k = 0; k < 60; ++k) EXPECT_EQ(NumberAt(video.get(), k * 0.04), (k * 4 / 10) % 7) << ending << k;
  }
}

TEST(LoopedVideoTest, AnswersInAnyOrder) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "loop.y4m", test::NumberedPictures({32, 32}, 5),
                                          {.codec = "rawvideo", .frame_rate = 10}));
  const std::vector<double> times = {0.44,  3.21,     0.0,  0.1, 0.05,      -0.05,
                                     -1.35, 12345.62, 0.49, 0.5, 0.39999999};
  const std::vector<int> numbers = {4, 2, 0, 1, 0, 4, 1, 1, 4, 0, 4};
  const auto video = Open(folder / "loop.y4m");
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_EQ(NumberAt(video.get(), times[i]), numbers[i]) << times[i];
    EXPECT_EQ(NumberAt(Open(folder / "loop.y4m").get(), times[i]), numbers[i]) << "at once: " << times[i];
  }
}

TEST(LoopedVideoTest, UnevenTimes) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "loop.mkv", test::NumberedPictures({32, 32}, 4),
                                          {.codec = "mpeg4"}, {0, 0.3, 0.35, 0.6}));
  const auto video = Open(folder / "loop.mkv");
  EXPECT_EQ(NumberAt(video.get(), 0.29), 0);
  EXPECT_EQ(NumberAt(video.get(), 0.3), 1);
  EXPECT_EQ(NumberAt(video.get(), 0.36), 2);
  EXPECT_EQ(NumberAt(video.get(), 0.59), 2);
  EXPECT_EQ(NumberAt(video.get(), 0.61), 3);
}

TEST(LoopedVideoTest, LoopsATimeRange) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "loop.y4m", test::NumberedPictures({32, 32}, 10),
                                          {.codec = "rawvideo", .frame_rate = 10}));
  const auto video = Open(folder / "loop.y4m", {.start_s = 0.3, .end_s = 0.6});
  for (int k = 0; k < 9; ++k) EXPECT_EQ(NumberAt(video.get(), k * 0.1 + 0.01), 3 + k % 3) << k;
}

TEST(LoopedVideoTest, AStillPictureStands) {
  const TemporaryFolder folder;
  ASSERT_TRUE(WritePng(folder / "still.png", test::NumberedPicture({32, 32}, 6)).ok());
  const auto video = Open(folder / "still.png");
  for (const double time_s : {0.0, 100.0, 3.5, -2.0}) EXPECT_EQ(NumberAt(video.get(), time_s), 6);
}

TEST(LoopedVideoTest, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_EQ(LoopedVideo::Create(folder / "none.mp4").error().code, ErrorCode::kNotFound);
  test::WriteText(folder / "text.mp4", "not a video");
  EXPECT_EQ(LoopedVideo::Create(folder / "text.mp4").error().code, ErrorCode::kUnsupported);
  ASSERT_NO_FATAL_FAILURE(
      test::WriteClip(folder / "loop.y4m", test::NumberedPictures({32, 32}, 3), {.codec = "rawvideo"}));
  const auto video = Open(folder / "loop.y4m");
  for (const double time_s : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(video->At(time_s).error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(NumberAt(video.get(), 0.08), 2);
  std::filesystem::remove(folder / "loop.y4m");
  EXPECT_EQ(video->At(0.13).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace peekproof::media
