// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// A video written like one that was read has its clock, its colours and its shape.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::Clip;
using test::ReadClip;
using test::TemporaryFolder;

/// Writes what was read, as OptionsLike says, into another file.
void WriteLike(const Clip& clip, const std::string& path, std::string codec = "") {
  WriterOptions options = OptionsLike(clip.info);
  options.codec = std::move(codec);
  options.crf = 4;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(path, clip.pictures, options, clip.times));
}

struct Colours {
  std::string name;
  ColourTags tags;
};
class ColourLikeTest : public testing::TestWithParam<std::tuple<Colours, std::string>> {};

TEST_P(ColourLikeTest, TagsAndPixelsArrive) {
  const auto& [colours, ending] = GetParam();
  if (!test::HasEncoder("libx264") || !test::HasEncoder("libvpx-vp9")) GTEST_SKIP() << "no encoder";
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "in.mp4", {test::PatchPicture({128, 64})},
                                          {.crf = 4, .colour = colours.tags}));
  const Clip in = ReadClip(folder / "in.mp4");
  EXPECT_EQ(in.info.colour, colours.tags);
  ASSERT_NO_FATAL_FAILURE(WriteLike(in, folder / "out" + ending));
  const Clip out = ReadClip(folder / "out" + ending);
  ASSERT_FALSE(out.error) << out.error->message;
  EXPECT_EQ(out.info.colour, colours.tags);
  ASSERT_EQ(out.pictures.size(), 1U);
  EXPECT_LE(test::LargestPatchError(out.pictures[0]), 5);
}

INSTANTIATE_TEST_SUITE_P(TagsAndContainers, ColourLikeTest,
                         testing::Combine(testing::Values(Colours{"bt601_limited", {6, 6, 6, false}},
                                                          Colours{"bt601_full", {6, 6, 6, true}},
                                                          Colours{"bt709_limited", {1, 1, 1, false}},
                                                          Colours{"bt709_full", {1, 1, 1, true}},
                                                          Colours{"bt601_of_srgb_curve", {6, 1, 13, true}},
                                                          Colours{"bt2020", {9, 9, 14, false}},
                                                          Colours{"matrix_only", {6, 2, 2, false}}),
                                          testing::Values(".mp4", ".mkv", ".mov", ".webm")),
                         [](const auto& test_info) {
                           return std::get<0>(test_info.param).name + "_" +
                                  std::get<1>(test_info.param).substr(1);
                         });

TEST(ColourLikeTest, RgbBecomesBt709) {
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(
      test::WriteClip(folder / "in.mkv", {test::PatchPicture({128, 64})}, {.codec = "ffv1"}));
  const Clip in = ReadClip(folder / "in.mkv");
  EXPECT_EQ(in.info.colour.matrix, 0);
  ASSERT_NO_FATAL_FAILURE(WriteLike(in, folder / "out.mp4"));
  const Clip out = ReadClip(folder / "out.mp4");
  EXPECT_EQ(out.info.colour, kBt709Colour);
  EXPECT_LE(test::LargestPatchError(out.pictures[0]), 3);
}

TEST(ColourLikeTest, RefusesTagsThatNothingIsConvertedBy) {
  for (const ColourTags tags : {ColourTags{0, 1, 1}, ColourTags{8, 1, 1}, ColourTags{2, 2, 2},
                                ColourTags{-1, 1, 1}, ColourTags{1, 400, 1}, ColourTags{1, 1, -7}}) {
    EXPECT_FALSE(WriterOptions{.colour = tags}.Validate().ok()) << tags.matrix;
  }
}

struct Clock {
  std::string name;
  std::string codec;
  std::string ending;
  int64_t ticks_per_second;
  double tolerance_s;
};
class ClockTest : public testing::TestWithParam<Clock> {};

TEST_P(ClockTest, UnevenTimesArriveAsTheyWere) {
  const Clock& clock = GetParam();
  if (!test::HasEncoder(clock.codec)) GTEST_SKIP() << "FFmpeg has no encoder " << clock.codec;
  const TemporaryFolder folder;
  const std::string path = folder / ("clip" + clock.ending);
  // Whole ticks: a burst, a long pause, prime steps.
  std::vector<double> times;
  int64_t tick = 0;
  for (const double step_s : {0.0, 0.011, 0.013, 1.7, 0.0171, 0.0333, 0.5003, 0.04, 0.0234567}) {
    tick += std::llround(step_s * static_cast<double>(clock.ticks_per_second));
    times.push_back(static_cast<double>(tick) / static_cast<double>(clock.ticks_per_second));
  }
  const std::vector<cv::Mat3b> pictures = test::NumberedPictures({64, 48}, static_cast<int>(times.size()));
  const WriterOptions options{
      .codec = clock.codec, .frame_rate = 29.97, .ticks_per_second = clock.ticks_per_second};
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(path, pictures, options, times));
  const Clip clip = ReadClip(path);
  ASSERT_EQ(clip.times.size(), times.size());
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_NEAR(clip.times[i], times[i], clock.tolerance_s) << i;
    EXPECT_EQ(test::NumberOf(clip.pictures[i]), static_cast<int>(i));
  }
}

INSTANTIATE_TEST_SUITE_P(Containers, ClockTest,
                         testing::Values(Clock{"mp4_90k", "libx264", ".mp4", 90000, 1e-9},
                                         Clock{"mp4_1000", "libx264", ".mp4", 1000, 1e-9},
                                         Clock{"mov_30000", "libx264", ".mov", 30000, 1e-9},
                                         Clock{"mp4_vp9_12800", "libvpx-vp9", ".mp4", 12800, 1e-9},
                                         Clock{"mp4_mpeg4_15360", "mpeg4", ".mp4", 15360, 1e-9},
                                         Clock{"mkv_1000", "libx264", ".mkv", 1000, 1e-9},
                                         Clock{"webm_1000", "libvpx-vp9", ".webm", 1000, 1e-9},
                                         Clock{"mkv_90k", "libx264", ".mkv", 90000, 0.00101},
                                         Clock{"ts_90k", "libx264", ".ts", 90000, 1e-9},
                                         Clock{"mpeg4_beyond_its_clock", "mpeg4", ".mp4", 90000, 2e-5}),
                         [](const auto& test_info) { return test_info.param.name; });

TEST(ClockTest, NominalTimesDoNotDriftOnForeignTicks) {
  const TemporaryFolder folder;
  const WriterOptions options{.codec = "mpeg4", .frame_rate = 30000.0 / 1001, .ticks_per_second = 1000};
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.mp4", {32, 32}, 200, options));
  const Clip clip = ReadClip(folder / "clip.mp4");
  ASSERT_EQ(clip.times.size(), 200U);
  for (size_t i = 0; i < 200; ++i) EXPECT_NEAR(clip.times[i], static_cast<double>(i) * 1.001 / 30, 0.00051);
}

TEST(ClockTest, TheReaderTellsTheTicksAndTheFirstTime) {
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "clip.mp4", test::NumberedPictures({64, 48}, 5),
                                          {.ticks_per_second = 90000}, {0, 0.5, 1, 1.25, 2}));
  EXPECT_EQ(ReadClip(folder / "clip.mp4").info.ticks_per_second, 90000);
  EXPECT_EQ(ReadClip(folder / "clip.mp4").info.first_time_s, 0);
  EXPECT_NEAR(ReadClip(folder / "clip.mp4", {.start_s = 0.6}).info.first_time_s, 1.0, 1e-9);
}

TEST(PixelShapeTest, Arrives) {
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  for (const std::string ending : {".mp4", ".mkv"}) {
    ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "in" + ending, test::NumberedPictures({64, 48}, 2),
                                            {.pixel_aspect = 16.0 / 15}));
    const Clip in = ReadClip(folder / "in" + ending);
    EXPECT_NEAR(in.info.pixel_aspect, 16.0 / 15, 1e-6);
    ASSERT_NO_FATAL_FAILURE(WriteLike(in, folder / "out" + ending));
    EXPECT_NEAR(ReadClip(folder / "out" + ending).info.pixel_aspect, 16.0 / 15, 1e-6) << ending;
  }
}

TEST(UsualEncoderTest, FollowsFromTheContainer) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> codecs = {
      {".mp4", "h264"}, {".mov", "h264"}, {".mkv", "h264"},     {".webm", "vp9"},
      {".gif", "gif"},  {".ivf", "vp9"},  {".y4m", "rawvideo"}, {".mpg", "mpeg1video"}};
  if (!test::HasEncoder("libx264") || !test::HasEncoder("libvpx-vp9")) GTEST_SKIP() << "no encoder";
  for (const auto& [ending, codec] : codecs) {
    ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip" + ending, {64, 48}, 3, {.codec = ""}));
    EXPECT_EQ(ReadClip(folder / "clip" + ending).info.codec, codec);
  }
}

}  // namespace
}  // namespace peekproof::media
