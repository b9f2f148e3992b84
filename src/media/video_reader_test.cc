// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Times, geometry, ranges and what happens when a recording changes or ends early.
#include "media/video_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::Clip;
using test::DisplayMatrix;
using test::ReadClip;
using test::TemporaryFolder;
using testing::HasSubstr;

const WriterOptions kY4m{.codec = "rawvideo", .pixel_format = "yuv444p"};

TEST(TimesTest, FollowVariableFrameRate) {
  const TemporaryFolder folder;
  const std::vector<double> times = {0.5, 0.52, 0.7, 1.5, 1.55, 4.0};
  std::vector<cv::Mat3b> pictures;
  for (int i = 0; i < 6; ++i) pictures.push_back(test::NumberedPicture({64, 64}, i));
  for (const std::string name : {"clip.mp4", "clip.mkv", "clip.webm"}) {
    const std::string codec = name == "clip.webm" ? "libvpx" : "mpeg4";
    if (!test::HasEncoder(codec)) continue;
    ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / name, pictures, {.codec = codec, .crf = 5}, times));
    const Clip clip = ReadClip(folder / name);
    ASSERT_FALSE(clip.error) << clip.error->message;
    EXPECT_TRUE(clip.diagnostics.empty()) << clip.diagnostics.items()[0].message;
    ASSERT_EQ(clip.times.size(), 6U) << name;
    for (size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(clip.times[i], times[i] - times[0], 0.0011) << name;
      EXPECT_EQ(test::NumberOf(clip.pictures[i]), static_cast<int>(i));
    }
  }
}

struct Turn {
  int a, b, c, d;
  int degrees;
};

TEST(RotationTest, IsAppliedClockwise) {
  const TemporaryFolder folder;
  const cv::Mat3b stored = test::PatchPicture({96, 64});
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "stored.mp4", {stored}, {.codec = "mpeg4", .crf = 2}));
  for (const Turn turn :
       {Turn{1, 0, 0, 1, 0}, Turn{0, 1, -1, 0, 90}, Turn{-1, 0, 0, -1, 180}, Turn{0, -1, 1, 0, 270}}) {
    test::Remux(folder / "stored.mp4", folder / "turned.mp4",
                {.display_matrix = DisplayMatrix(turn.a, turn.b, turn.c, turn.d)});
    const Clip clip = ReadClip(folder / "turned.mp4");
    ASSERT_FALSE(clip.error) << clip.error->message;
    EXPECT_EQ(clip.info.rotation_degrees, turn.degrees);
    ASSERT_EQ(clip.pictures.size(), 1U);
    cv::Mat3b upright = stored.clone();
    if (turn.degrees == 90) cv::rotate(stored, upright, cv::ROTATE_90_CLOCKWISE);
    if (turn.degrees == 180) cv::rotate(stored, upright, cv::ROTATE_180);
    if (turn.degrees == 270) cv::rotate(stored, upright, cv::ROTATE_90_COUNTERCLOCKWISE);
    ASSERT_EQ(clip.pictures[0].size(), upright.size());
    EXPECT_EQ(clip.info.size, upright.size());
    cv::Mat difference;
    cv::absdiff(clip.pictures[0], upright, difference);
    EXPECT_LT(cv::mean(difference)[1], 4) << turn.degrees;
  }
}

TEST(RotationTest, AnotherAngleIsToldOf) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "stored.mp4", {64, 32}, 1, {.codec = "mpeg4"}));
  std::array<int32_t, 9> matrix = DisplayMatrix(1, 0, 0, 1);
  matrix[1] = matrix[0] / 2;
  matrix[3] = -matrix[0] / 2;
  test::Remux(folder / "stored.mp4", folder / "turned.mp4", {.display_matrix = matrix});
  const Clip clip = ReadClip(folder / "turned.mp4");
  ASSERT_EQ(clip.diagnostics.items().size(), 1U);
  EXPECT_EQ(clip.diagnostics.items()[0].code, ErrorCode::kUnsupported);
  EXPECT_EQ(clip.info.size, cv::Size(64, 32));
}

TEST(CropTest, GivesThePixelsOfTheUprightPicture) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(
      test::WriteClip(folder / "stored.mp4", {test::PatchPicture({96, 64})}, {.codec = "mpeg4", .crf = 2}));
  for (const auto& matrix :
       {DisplayMatrix(1, 0, 0, 1), DisplayMatrix(0, 1, -1, 0), DisplayMatrix(-1, 0, 0, -1)}) {
    test::Remux(folder / "stored.mp4", folder / "turned.mp4", {.display_matrix = matrix});
    const Clip whole = ReadClip(folder / "turned.mp4");
    ASSERT_EQ(whole.pictures.size(), 1U);
    for (const cv::Rect crop : {cv::Rect(0, 0, 10, 10), cv::Rect(7, 13, 31, 29), cv::Rect(63, 1, 1, 63)}) {
      const Clip clip = ReadClip(folder / "turned.mp4", {.crop = crop});
      ASSERT_FALSE(clip.error) << clip.error->message;
      EXPECT_EQ(clip.info.size, crop.size());
      EXPECT_EQ(cv::norm(clip.pictures[0], whole.pictures[0](crop), cv::NORM_INF), 0) << crop;
    }
  }
}

TEST(CropTest, MustFitIntoThePicture) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.y4m", {64, 48}, 1, kY4m));
  for (const cv::Rect crop : {cv::Rect(0, 0, 65, 10), cv::Rect(60, 0, 5, 48), cv::Rect(0, 48, 1, 1),
                              cv::Rect(2147483640, 0, 100, 10)}) {
    const Clip clip = ReadClip(folder / "clip.y4m", {.crop = crop});
    ASSERT_TRUE(clip.error);
    EXPECT_EQ(clip.error->code, ErrorCode::kUnsupported);
    EXPECT_THAT(clip.error->message, HasSubstr("64x48"));
  }
  const Clip clip = ReadClip(folder / "clip.y4m", {.crop = cv::Rect(-1, 0, 4, 4)});
  ASSERT_TRUE(clip.error);
  EXPECT_EQ(clip.error->code, ErrorCode::kInvalidArgument);
}

class RangeTest : public testing::TestWithParam<std::string> {};

TEST_P(RangeTest, GivesTheFramesFromStartToBeforeEnd) {
  const TemporaryFolder folder;
  const std::string path = folder / ("clip" + GetParam());
  const std::string codec = GetParam() == ".y4m" ? "rawvideo" : "libx264";
  if (!test::HasEncoder(codec)) GTEST_SKIP() << "FFmpeg has no encoder " << codec;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(
      path, {64, 64}, 200, {.codec = codec, .frame_rate = 10, .crf = 15, .key_frame_interval = 30}));
  struct Range {
    double start_s;
    std::optional<double> end_s;
    int first, count;
  };
  for (const Range& range :
       {Range{0, std::nullopt, 0, 200}, Range{1.0, 1.5, 10, 5}, Range{7.35, 8.05, 74, 7},
        Range{9.0, 9.1, 90, 1}, Range{12.1, std::nullopt, 121, 79}, Range{19.9, 99, 199, 1}}) {
    const Clip clip = ReadClip(path, {.start_s = range.start_s, .end_s = range.end_s, .threads = 2});
    ASSERT_FALSE(clip.error) << clip.error->message;
    EXPECT_TRUE(clip.diagnostics.empty()) << clip.diagnostics.items()[0].message;
    ASSERT_EQ(clip.pictures.size(), static_cast<size_t>(range.count)) << range.start_s;
    EXPECT_NEAR(clip.times[0], range.first / 10.0, 1e-3);
    EXPECT_EQ(test::NumberOf(clip.pictures[0]), range.first % 20);
    EXPECT_EQ(test::NumberOf(clip.pictures.back()), (range.first + range.count - 1) % 20);
    EXPECT_NEAR(static_cast<double>(clip.info.frame_count_hint), range.count, 2) << range.start_s;
  }
}

INSTANTIATE_TEST_SUITE_P(Containers, RangeTest, testing::Values(".mp4", ".mkv", ".ts", ".y4m"),
                         [](const auto& test_info) { return test_info.param.substr(1); });

TEST(RangeTest, AnEmptyRangeIsAnError) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.y4m", {32, 32}, 10, kY4m));
  const Clip behind = ReadClip(folder / "clip.y4m", {.start_s = 5});
  ASSERT_TRUE(behind.error);
  EXPECT_EQ(behind.error->code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(behind.error->message, HasSubstr("behind the end, at 0.36 s"));
  const Clip between = ReadClip(folder / "clip.y4m", {.start_s = 0.05, .end_s = 0.06});
  ASSERT_TRUE(between.error);
  EXPECT_EQ(between.error->code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadClip(folder / "clip.y4m", {.start_s = 2, .end_s = 2}).error->code,
            ErrorCode::kInvalidArgument);
}

TEST(ThreadsTest, DoNotChangeTheResult) {
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.mp4", {96, 64}, 30, {}));
  const Clip one = ReadClip(folder / "clip.mp4", {.threads = 1});
  const Clip four = ReadClip(folder / "clip.mp4", {.threads = 4});
  ASSERT_EQ(one.pictures.size(), 30U);
  ASSERT_EQ(four.pictures.size(), 30U);
  EXPECT_EQ(one.times, four.times);
  for (size_t i = 0; i < 30; ++i) EXPECT_EQ(cv::norm(one.pictures[i], four.pictures[i], cv::NORM_INF), 0);
}

// Two transport streams joined byte by byte, as capture devices leave them.
TEST(SizeChangeTest, EndsWithAnErrorThatNamesBothSizes) {
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "a.ts", {64, 48}, 25, {}));
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "b.ts", {96, 64}, 25, {}));
  std::vector<uint8_t> joined = test::ReadBytes(folder / "a.ts");
  const std::vector<uint8_t> second = test::ReadBytes(folder / "b.ts");
  joined.insert(joined.end(), second.begin(), second.end());
  test::WriteBytes(folder / "joined.ts", joined);
  const Clip clip = ReadClip(folder / "joined.ts");
  ASSERT_TRUE(clip.error);
  EXPECT_EQ(clip.error->code, ErrorCode::kUnsupported);
  EXPECT_THAT(clip.error->message, HasSubstr("from 64x48 to 96x64 at 1.00 s"));
  EXPECT_EQ(clip.pictures.size(), 25U);
  // What the message advises works.
  const Clip before = ReadClip(folder / "joined.ts", {.end_s = 1.0});
  EXPECT_FALSE(before.error) << before.error->message;
  EXPECT_EQ(before.pictures.size(), 25U);
  const Clip after = ReadClip(folder / "joined.ts", {.start_s = 1.0});
  EXPECT_FALSE(after.error) << after.error->message;
  EXPECT_EQ(after.info.size, cv::Size(96, 64));
  EXPECT_EQ(after.pictures.size(), 25U);
}

TEST(ConvertScaledTest, IsTheAverageOfThePicture) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "clip.y4m", {test::PatchPicture({640, 360})},
                                          {.codec = "rawvideo", .bt709 = false}));
  auto reader = VideoReader::Open(folder / "clip.y4m", {});
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(*(*reader)->Advance());
  cv::Mat3b whole;
  ASSERT_TRUE((*reader)->Convert(&whole).ok());
  for (const cv::Size size : {cv::Size(64, 36), cv::Size(49, 31), cv::Size(800, 500)}) {
    cv::Mat3b scaled;
    ASSERT_TRUE((*reader)->ConvertScaled(size, &scaled).ok());
    ASSERT_EQ(scaled.size(), size);
    cv::Mat3b wanted;
    cv::resize(whole, wanted, size, 0, 0, size.width < 640 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::Mat difference;
    cv::absdiff(scaled, wanted, difference);
    EXPECT_LT(cv::mean(difference)[1], 1.5) << size;
    EXPECT_LE(test::LargestPatchError(scaled), 3) << size;
  }
}

TEST(StopTest, EndsReading) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.y4m", {32, 32}, 10, kY4m));
  std::stop_source stop;
  auto reader = VideoReader::Open(folder / "clip.y4m", {.threads = 1, .stop = stop.get_token()});
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(*(*reader)->Advance());
  stop.request_stop();
  const Result<bool> more = (*reader)->Advance();
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().code, ErrorCode::kInterrupted);
  EXPECT_EQ(VideoReader::Open(folder / "clip.y4m", {.stop = stop.get_token()}).error().code,
            ErrorCode::kInterrupted);
}

TEST(MemoryTest, ReadsWhatTheFileReads) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.mkv", {32, 32}, 10, {.codec = "ffv1"}));
  const std::vector<uint8_t> bytes = test::ReadBytes(folder / "clip.mkv");
  auto reader = VideoReader::OpenBytes(bytes, {});
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  int count = 0;
  while (*(*reader)->Advance()) ++count;
  EXPECT_EQ(count, 10);
}

}  // namespace
}  // namespace peekproof::media
