// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/video_background.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/testing.h"

namespace peekproof::engines {
namespace {

const cv::Size kVideoFrame(64, 36);

/// A video of 10 pictures a second in one buffer, of `length` pictures, looped.
class Looped {
 public:
  explicit Looped(int length) : length_(length) {}

  Result<VideoPicture> At(double time_s) {
    const int number = static_cast<int>(time_s * 10 + 1e-9);
    if (number >= 25) return Error{ErrorCode::kCorruptData, "the video ends"};
    SmoothColors({90, 50}, static_cast<uint64_t>(number % length_)).copyTo(buffer_);
    return VideoPicture{&buffer_, number};
  }

 private:
  int length_;
  cv::Mat3b buffer_;
};

TEST(VideoBackgroundTest, ShowsThePictureOfItsTimeFitted) {
  Looped video(4);
  const auto background = MakeVideoBackground([&](double time_s) { return video.At(time_s); }, Fit::kCover);
  EXPECT_FALSE(background->shows_room());
  const cv::Mat1b caller(kVideoFrame, uint8_t{0});
  const uint8_t* buffer = nullptr;
  for (int i = 0; i < 24; ++i) {
    const image::Frame camera{cv::Mat3b(kVideoFrame), i, i / 30.0};
    const cv::Mat3b* shown = background->Draw({camera, caller}).value();
    const cv::Mat3b expected =
        FitWallpaper(SmoothColors({90, 50}, static_cast<uint64_t>(i / 3 % 4)), kVideoFrame, Fit::kCover)
            .value();
    ASSERT_EQ(cv::norm(*shown, expected, cv::NORM_INF), 0) << i;
    if (i == 0) buffer = shown->data;
    ASSERT_EQ(shown->data, buffer) << "allocated anew";
  }
}

TEST(VideoBackgroundTest, FitsEachPictureOnceAndAgainAfterReset) {
  cv::Mat3b buffer(36, 64, cv::Vec3b(1, 1, 1));
  int resets = 0;
  const auto background = MakeVideoBackground(
      [&](double) -> Result<VideoPicture> {
        return VideoPicture{&buffer, 7};
      },
      Fit::kStretch, [&] { ++resets; });
  const cv::Mat1b caller(kVideoFrame, uint8_t{0});
  const image::Frame camera{cv::Mat3b(kVideoFrame), 0, 0};
  EXPECT_EQ((*background->Draw({camera, caller}).value())(0, 0), cv::Vec3b(1, 1, 1));
  buffer = cv::Vec3b(2, 2, 2);  // The same serial: by contract the same picture.
  EXPECT_EQ((*background->Draw({camera, caller}).value())(0, 0), cv::Vec3b(1, 1, 1));
  background->Reset();
  EXPECT_EQ(resets, 1);
  EXPECT_EQ((*background->Draw({camera, caller}).value())(0, 0), cv::Vec3b(2, 2, 2));
}

TEST(VideoBackgroundTest, RefitsForAnotherFrameSizeAndContainsInBlack) {
  const cv::Mat3b square(30, 30, cv::Vec3b(9, 8, 7));
  const auto background = MakeVideoBackground(
      [&](double) -> Result<VideoPicture> {
        return VideoPicture{&square, 0};
      },
      Fit::kContain);
  for (const cv::Size size : {cv::Size(60, 30), cv::Size(80, 40)}) {
    const image::Frame camera{cv::Mat3b(size), 0, 0};
    const cv::Mat3b& shown = *background->Draw({camera, cv::Mat1b(size, uint8_t{0})}).value();
    ASSERT_EQ(shown.size(), size);
    EXPECT_EQ(shown(5, 0), cv::Vec3b(0, 0, 0));
    EXPECT_EQ(shown(5, size.width / 2), cv::Vec3b(9, 8, 7));
  }
}

TEST(VideoBackgroundTest, PassesErrorsOn) {
  Looped video(4);
  const auto background = MakeVideoBackground([&](double time_s) { return video.At(time_s); }, Fit::kCover);
  const cv::Mat1b caller(kVideoFrame, uint8_t{0});
  const image::Frame late{cv::Mat3b(kVideoFrame), 90, 3.0};
  EXPECT_EQ(background->Draw({late, caller}).error().code, ErrorCode::kCorruptData);
  const cv::Mat3b nothing;
  const auto empty = MakeVideoBackground(
      [&](double) -> Result<VideoPicture> {
        return VideoPicture{&nothing, 0};
      },
      Fit::kCover);
  EXPECT_EQ(empty->Draw({late, caller}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::engines
