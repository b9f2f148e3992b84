// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Mattes and depth go out and come in without the loss of a bit.
#include "media/grey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/picture.h"
#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

/// Noise of all codes, the smallest and the largest among them.
cv::Mat Noise(cv::Size size, int type, uint64_t seed) {
  cv::Mat noise(size, type);
  cv::RNG random(seed);
  random.fill(noise, cv::RNG::UNIFORM, 0, type == CV_8UC1 ? 256 : 65536);
  noise.row(0).setTo(0);
  noise.row(1).setTo(type == CV_8UC1 ? 255 : 65535);
  return noise;
}

struct GreyClip {
  VideoInfo info;
  std::vector<cv::Mat1w> samples;
  std::vector<double> times;
};

GreyClip ReadGrey(const std::string& path, const ReaderOptions& options = {}) {
  GreyClip clip;
  auto reader = VideoReader::Open(path, options);
  EXPECT_TRUE(reader.ok()) << reader.error().message;
  if (!reader.ok()) return clip;
  clip.info = (*reader)->info();
  while (*(*reader)->Advance()) {
    cv::Mat1w samples;
    const Result<void> converted = (*reader)->ConvertGrey(&samples);
    EXPECT_TRUE(converted.ok()) << converted.error().message;
    clip.samples.push_back(samples);
    clip.times.push_back((*reader)->time_s());
  }
  EXPECT_TRUE((*reader)->diagnostics().empty());
  return clip;
}

class GreyTest : public testing::TestWithParam<std::tuple<int, std::string, cv::Size>> {};

TEST_P(GreyTest, EveryBitArrives) {
  const auto& [bits, name, size] = GetParam();
  const TemporaryFolder folder;
  const int type = bits == 8 ? CV_8UC1 : CV_16UC1;
  std::vector<cv::Mat> pictures;
  auto writer = VideoWriter::Create(folder / name, size, LosslessGrey(bits));
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (uint64_t i = 0; i < 4; ++i) {
    pictures.push_back(Noise(size, type, i + 1));
    ASSERT_TRUE((*writer)->Write(pictures.back()).ok());
  }
  ASSERT_TRUE((*writer)->Finish().ok());
  const GreyClip clip = ReadGrey(folder / name);
  EXPECT_EQ(clip.info.grey_bits, bits);
  EXPECT_EQ(clip.info.size, size);
  ASSERT_EQ(clip.samples.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    cv::Mat1w wanted;
    pictures[i].convertTo(wanted, CV_16U);
    EXPECT_EQ(cv::norm(clip.samples[i], wanted, cv::NORM_INF), 0) << i;
    EXPECT_NEAR(clip.times[i], static_cast<double>(i) / 25, 0.0006);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, GreyTest,
                         testing::Combine(testing::Values(8, 16),
                                          testing::Values("matte.mkv", "matte.nut", "matte_%03d.png"),
                                          testing::Values(cv::Size(64, 48), cv::Size(67, 33))));

TEST(GreyTest, TimesAndTilesArrive) {
  const TemporaryFolder folder;
  const cv::Mat depth = Noise({40, 30}, CV_16UC1, 5);
  auto writer = VideoWriter::Create(folder / "depth.mkv", depth.size(), LosslessGrey(16));
  ASSERT_TRUE(writer.ok());
  for (const double time_s : {0.0, 0.033, 0.5}) ASSERT_TRUE((*writer)->WriteAt(depth, time_s).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  const cv::Rect tile(3, 5, 17, 11);
  const GreyClip clip = ReadGrey(folder / "depth.mkv", {.start_s = 0.03, .crop = tile});
  ASSERT_EQ(clip.samples.size(), 2U);
  EXPECT_EQ(cv::norm(clip.samples[1], depth(tile), cv::NORM_INF), 0);
  EXPECT_NEAR(clip.times[1], 0.5, 1e-9);
}

TEST(GreyTest, IsTurnedUpright) {
  const TemporaryFolder folder;
  const cv::Mat depth = Noise({40, 30}, CV_16UC1, 6);
  auto writer = VideoWriter::Create(folder / "in.nut", depth.size(), LosslessGrey(16));
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->Write(depth).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  ASSERT_NO_FATAL_FAILURE(test::Remux(folder / "in.nut", folder / "turned.mov",
                                      {.display_matrix = test::DisplayMatrix(0, 1, -1, 0), .movflags = ""}));
  const GreyClip clip = ReadGrey(folder / "turned.mov");
  ASSERT_EQ(clip.samples.size(), 1U);
  cv::Mat wanted;
  cv::transpose(depth, wanted);
  cv::flip(wanted, wanted, 1);
  EXPECT_EQ(cv::norm(clip.samples[0], wanted, cv::NORM_INF), 0);
}

TEST(GreyTest, SaysWhatDoesNotGo) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "colour.mkv", {32, 32}, 2, {.codec = "ffv1"}));
  auto reader = VideoReader::Open(folder / "colour.mkv", {});
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(*(*reader)->Advance());
  cv::Mat1w samples;
  const Result<void> converted = (*reader)->ConvertGrey(&samples);
  ASSERT_FALSE(converted.ok());
  EXPECT_EQ(converted.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(converted.error().message, HasSubstr("bgr0"));
  EXPECT_EQ(VideoWriter::Create(folder / "matte.mp4", {32, 32}, LosslessGrey(8)).error().code,
            ErrorCode::kUnsupported);
  auto writer = VideoWriter::Create(folder / "matte.mkv", {32, 32}, LosslessGrey(8));
  ASSERT_TRUE(writer.ok());
  for (const int type : {CV_8UC3, CV_16UC1, CV_32FC1}) {
    EXPECT_EQ((*writer)->Write(cv::Mat::zeros(32, 32, type)).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(GreyTest, KnowsOneChannelLayouts) {
  EXPECT_EQ(GreyBitsOf(AV_PIX_FMT_GRAY8), 8);
  EXPECT_EQ(GreyBitsOf(AV_PIX_FMT_GRAY10LE), 10);
  EXPECT_EQ(GreyBitsOf(AV_PIX_FMT_GRAY16BE), 16);
  for (const AVPixelFormat other :
       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_PAL8, AV_PIX_FMT_MONOBLACK, AV_PIX_FMT_YA8, AV_PIX_FMT_GRAYF32LE,
        AV_PIX_FMT_BGR8, AV_PIX_FMT_NONE, AV_PIX_FMT_VAAPI}) {
    EXPECT_EQ(GreyBitsOf(other), 0) << other;
  }
}

}  // namespace
}  // namespace peekproof::media
