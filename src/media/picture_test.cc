// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;

template <typename Pixels>
Pixels Noise(cv::Size size, int top) {
  Pixels picture(size);
  cv::RNG random(11);
  random.fill(picture, cv::RNG::UNIFORM, 0, top);
  return picture;
}

TEST(PictureTest, PngKeepsEveryBit) {
  const TemporaryFolder folder;
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(33, 17), cv::Size(64, 48)}) {
    const auto bgr = Noise<cv::Mat3b>(size, 256);
    ASSERT_TRUE(WritePng(folder / "a.png", bgr).ok());
    const Result<cv::Mat3b> read = ReadPicture(folder / "a.png");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(cv::norm(*read, bgr, cv::NORM_INF), 0);
    const auto grey = Noise<cv::Mat1b>(size, 256);
    ASSERT_TRUE(WritePng(folder / "grey.png", grey).ok());
    EXPECT_EQ(cv::norm(*ReadGreyPicture(folder / "grey.png"), grey, cv::NORM_INF), 0);
    const Result<cv::Mat3b> as_colour = ReadPicture(folder / "grey.png");
    ASSERT_TRUE(as_colour.ok());
    std::vector<cv::Mat1b> channels;
    cv::split(*as_colour, channels);
    for (const cv::Mat1b& channel : channels) EXPECT_LE(cv::norm(channel, grey, cv::NORM_INF), 1);
  }
}

TEST(PictureTest, TellsWhetherThereIsAlpha) {
  const TemporaryFolder folder;
  ASSERT_TRUE(WritePng(folder / "bgr.png", cv::Mat3b(4, 6, cv::Vec3b(1, 2, 3))).ok());
  ASSERT_TRUE(WritePng(folder / "bgra.png", cv::Mat4b(4, 6, cv::Vec4b(1, 2, 3, 255))).ok());
  EXPECT_FALSE(HasAlphaChannel(folder / "bgr.png").value());
  EXPECT_TRUE(HasAlphaChannel(folder / "bgra.png").value()) << "also where it is opaque";
  EXPECT_EQ(HasAlphaChannel(folder / "none.png").error().code, ErrorCode::kNotFound);
}

TEST(PictureTest, AlphaIsDroppedOrGiven) {
  const TemporaryFolder folder;
  const auto bgra = Noise<cv::Mat4b>({40, 30}, 256);
  ASSERT_TRUE(WritePng(folder / "a.png", bgra).ok());
  std::vector<cv::Mat1b> channels;
  cv::split(bgra, channels);
  const Result<cv::Mat1b> alpha = ReadGreyPicture(folder / "a.png");
  ASSERT_TRUE(alpha.ok()) << alpha.error().message;
  EXPECT_EQ(cv::norm(*alpha, channels[3], cv::NORM_INF), 0);
  const Result<cv::Mat3b> read = ReadPicture(folder / "a.png");
  ASSERT_TRUE(read.ok());
  std::vector<cv::Mat1b> colours;
  cv::split(*read, colours);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(cv::norm(colours[i], channels[i], cv::NORM_INF), 0);
}

TEST(PictureTest, SixteenBitsAreRounded) {
  const TemporaryFolder folder;
  cv::Mat grey(16, 256, CV_16UC1);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 256; ++x) grey.at<uint16_t>(y, x) = static_cast<uint16_t>(x * 257 + (y - 8) * 15);
  }
  grey.row(0).setTo(0);
  grey.at<uint16_t>(15, 255) = 65535;
  ASSERT_TRUE(WritePng(folder / "a.png", grey).ok());
  const Result<cv::Mat1b> read = ReadGreyPicture(folder / "a.png");
  ASSERT_TRUE(read.ok()) << read.error().message;
  for (int x = 1; x < 255; ++x) {
    for (int y = 1; y < 15; ++y) ASSERT_EQ((*read)(y, x), x);
  }
  EXPECT_EQ((*read)(15, 255), 255);
}

TEST(PictureTest, ColourAsGreyIsLuma) {
  const TemporaryFolder folder;
  const cv::Mat3b grey(20, 20, cv::Vec3b(77, 77, 77));
  ASSERT_TRUE(WritePng(folder / "a.png", grey).ok());
  const Result<cv::Mat1b> read = ReadGreyPicture(folder / "a.png");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(cv::norm(*read, cv::Mat1b(20, 20, uint8_t{77}), cv::NORM_INF), 0);
}

TEST(PictureTest, JpegKeepsColours) {
  const TemporaryFolder folder;
  // 720 rows and more: JPEG is BT.601 at any size.
  for (const cv::Size size : {cv::Size(160, 96), cv::Size(161, 97), cv::Size(64, 800)}) {
    for (const int quality : {100, 85, 50}) {
      const Result<std::vector<uint8_t>> bytes = EncodeJpeg(test::PatchPicture(size), quality);
      ASSERT_TRUE(bytes.ok()) << bytes.error().message;
      EXPECT_EQ(*bytes, *EncodeJpeg(test::PatchPicture(size), quality));
      test::WriteBytes(folder / "a.jpg", *bytes);
      const Result<cv::Mat3b> read = ReadPicture(folder / "a.jpg");
      ASSERT_TRUE(read.ok()) << read.error().message;
      ASSERT_EQ(read->size(), size);
      EXPECT_LE(test::LargestPatchError(*read), quality >= 85 ? 5 : 14) << quality;
    }
  }
}

TEST(PictureTest, BetterQualityTakesMoreBytes) {
  const auto noise = Noise<cv::Mat3b>({80, 60}, 256);
  size_t previous = 0;
  for (const int quality : {1, 30, 60, 85, 100}) {
    const size_t size = EncodeJpeg(noise, quality)->size();
    EXPECT_GT(size, previous);
    previous = size;
  }
}

TEST(PictureTest, PngIsReadableByTheUserOnlyAndReplaces) {
  const TemporaryFolder folder;
  test::WriteText(folder / "a.png", "old");
  ASSERT_TRUE(WritePng(folder / "a.png", Noise<cv::Mat1b>({8, 8}, 256)).ok());
  struct stat status {};
  ASSERT_EQ(stat((folder / "a.png").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_TRUE(ReadPicture(folder / "a.png").ok());
  EXPECT_EQ(WritePng(folder.path().string(), cv::Mat1b(2, 2)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(WritePng(folder / "none/a.png", cv::Mat1b(2, 2)).error().code, ErrorCode::kIo);
}

TEST(PictureTest, RefusesWhatItCannotEncode) {
  EXPECT_EQ(EncodePng(cv::Mat()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(EncodePng(cv::Mat1f(3, 3)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(EncodeJpeg(cv::Mat3b(), 90).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(EncodeJpeg(cv::Mat3b(4, 4), 0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(EncodeJpeg(cv::Mat3b(4, 4), 101).error().code, ErrorCode::kInvalidArgument);
}

TEST(PictureTest, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_EQ(ReadPicture(folder / "none.png").error().code, ErrorCode::kNotFound);
  test::WriteText(folder / "text.png", "hello");
  const Error text = ReadPicture(folder / "text.png").error();
  EXPECT_EQ(text.code, ErrorCode::kUnsupported);
  EXPECT_THAT(text.message, testing::HasSubstr("give a PNG or a JPEG"));
  const std::vector<uint8_t> bytes = *EncodePng(Noise<cv::Mat3b>({64, 64}, 256));
  for (const size_t size : {size_t{60}, bytes.size() / 2, bytes.size() - 20}) {
    test::WriteBytes(folder / "cut.png", std::span(bytes).first(size));
    const Result<cv::Mat3b> read = ReadPicture(folder / "cut.png");
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kCorruptData) << read.error().message;
  }
}

}  // namespace
}  // namespace peekproof::media
