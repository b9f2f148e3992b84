// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/wallpaper_video.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "audit/stilled_frame.h"
#include "media/picture.h"
#include "media/video_writer.h"
#include "testbed/wallpaper.h"

namespace peekproof::audit {
namespace {

namespace fs = std::filesystem;

const cv::Size kLoopSize(320, 180);
constexpr int kLoopPictures = 24;

// A drawn landscape that passes by.
cv::Mat3b LoopPicture(int index) {
  const cv::Mat3b wide = testbed::MakeWallpaper(testbed::WallpaperKind::kMountains, 3, {400, 180});
  return wide(cv::Rect(3 * index, 0, kLoopSize.width, kLoopSize.height)).clone();
}

class WallpaperVideoTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::path(testing::TempDir()) / fmt::format("peekproof_wallpaper_video_{}", ::getpid());
    fs::create_directories(folder_);
    auto writer = media::VideoWriter::Create(Path("loop.mkv"), kLoopSize, {.codec = "ffv1"});
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    for (int i = 0; i < kLoopPictures; ++i) ASSERT_TRUE((*writer)->Write(LoopPicture(i)).ok());
    ASSERT_TRUE((*writer)->Finish().ok());
  }
  static void TearDownTestSuite() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  static std::string Path(const std::string& name) { return (folder_ / name).string(); }
  static std::unique_ptr<WallpaperVideo> Opened() {
    auto video = WallpaperVideo::Open(Path("loop.mkv"), kLoopSize);
    EXPECT_TRUE(video.ok()) << video.error().message;
    return std::move(video).value();
  }

  static inline fs::path folder_;
};

// As a call shows it: somebody before it, and noise.
cv::Mat3b Recorded(int index, cv::RNG* random) {
  cv::Mat3b frame = LoopPicture(index);
  cv::Mat3b noise(frame.size());
  random->fill(noise, cv::RNG::UNIFORM, 0, 7);
  frame += noise;
  cv::ellipse(frame, {160, 130}, {60, 90}, 0, 0, 360, cv::Scalar(80, 110, 170), cv::FILLED);
  return frame;
}

TEST_F(WallpaperVideoTest, TellsVideosFromPictures) {
  ASSERT_TRUE(media::WritePng(Path("still.png"), LoopPicture(0)).ok());
  EXPECT_TRUE(WallpaperVideo::IsVideo(Path("loop.mkv")).value());
  EXPECT_FALSE(WallpaperVideo::IsVideo(Path("still.png")).value());
  EXPECT_EQ(WallpaperVideo::IsVideo(Path("nothing.mkv")).error().code, ErrorCode::kNotFound);
  const auto still = WallpaperVideo::Open(Path("still.png"), kLoopSize);
  ASSERT_FALSE(still.ok());
  EXPECT_EQ(still.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(still.error().message, testing::HasSubstr("still.png"));
}

TEST_F(WallpaperVideoTest, FindsThePictureBehindACallerWhereverTheLoopStands) {
  const auto video = Opened();
  ASSERT_EQ(video->pictures(), kLoopPictures);
  cv::RNG random(7);
  // In order over the seam, with two pictures dropped, then back by ten.
  for (const int index : {20, 21, 22, 23, 0, 1, 4, 5, 19, 20})
    EXPECT_EQ(video->Locate(Recorded(index, &random)), index);
}

TEST_F(WallpaperVideoTest, GivesAnyPictureInAnyOrder) {
  const auto video = Opened();
  for (const int index : {0, 1, 15, 14, 2, 23, 0}) {
    const auto picture = video->PictureAt(index);
    ASSERT_TRUE(picture.ok()) << picture.error().message;
    EXPECT_EQ(cv::norm(*picture, LoopPicture(index), cv::NORM_INF), 0) << index;
  }
  cv::Mat3f mean(kLoopSize, cv::Vec3f());
  for (int i = 0; i < kLoopPictures; ++i) cv::accumulate(LoopPicture(i), mean);
  cv::Mat3b rounded;
  mean.convertTo(rounded, CV_8U, 1.0 / kLoopPictures);
  EXPECT_LE(cv::norm(video->mean(), rounded, cv::NORM_INF), 1);
}

TEST_F(WallpaperVideoTest, FitsItToTheRecording) {
  const auto video = WallpaperVideo::Open(Path("loop.mkv"), {200, 160});
  ASSERT_TRUE(video.ok());
  EXPECT_EQ((*video)->mean().size(), cv::Size(200, 160));
  EXPECT_EQ((*video)->PictureAt(3).value().size(), cv::Size(200, 160));
}

TEST(WallpaperNoiseTest, LearnsMoreOfItWhereThereIsTexture) {
  // Flat on the left, stripes on the right, recorded with an error that grows with the texture.
  cv::Mat3b shown(100, 200, cv::Vec3b(100, 100, 100));
  for (int x = 100; x < 200; x += 2) shown.col(x).setTo(cv::Vec3b(220, 220, 220));
  cv::Mat3b frame = shown.clone();
  cv::RNG random(3);
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 200; ++x) {
      const int error = random.uniform(0, x < 99 ? 3 : 20);
      frame(y, x) += cv::Vec3b::all(static_cast<uchar>(error));
    }
  }
  WallpaperNoise noise;
  EXPECT_EQ(noise.limits()[0], 24);
  noise.Learn(frame, shown, cv::Mat1b(shown.size(), uchar{255}));
  EXPECT_EQ(noise.limits()[0], 4);
  const size_t striped = 120 * WallpaperNoise::kTextures / 256;
  EXPECT_NEAR(noise.limits()[striped], 19, 1);
  EXPECT_EQ(noise.limits()[WallpaperNoise::kTextures - 1], noise.limits()[striped])
      << "never seen, so no less";
}

TEST(WallpaperNoiseTest, LearnsNothingFromAnotherPicture) {
  const cv::Mat3b shown(100, 100, cv::Vec3b(50, 50, 50));
  const cv::Mat3b frame(shown.size(), cv::Vec3b(90, 50, 50));
  WallpaperNoise noise;
  EXPECT_FALSE(noise.Learn(frame, shown, cv::Mat1b(shown.size(), uchar{255})));
  EXPECT_FALSE(noise.Learn(shown, shown, cv::Mat1b(shown.size(), uchar{0})));
  EXPECT_EQ(noise.limits()[0], 24);
}

TEST(WallpaperNoiseTest, LeavesTheCallerOut) {
  const cv::Mat3b shown(100, 100, cv::Vec3b(50, 50, 50));
  cv::Mat3b frame = shown.clone();
  frame(cv::Rect(0, 0, 50, 100)).setTo(cv::Vec3b(200, 100, 100));
  cv::Mat1b background(shown.size(), uchar{255});
  background(cv::Rect(0, 0, 50, 100)) = 0;
  WallpaperNoise noise;
  EXPECT_TRUE(noise.Learn(frame, shown, background));
  EXPECT_EQ(noise.limits()[0], 4);
}

// A flat still wallpaper, a flat moving one, and what was learned of both: a limit of 4.
struct StillingCase {
  cv::Mat3b shown = cv::Mat3b(8, 300, cv::Vec3b(90, 60, 30));
  cv::Mat3b still = cv::Mat3b(8, 300, cv::Vec3b(70, 80, 40));
  WallpaperNoise noise;

  StillingCase() { noise.Learn(shown, shown, cv::Mat1b(shown.size(), uchar{255})); }
};

TEST(StillFrameTest, TurnsAMixtureIntoTheSameMixtureBeforeTheStillWallpaper) {
  const StillingCase a;
  const cv::Vec3b room(200, 180, 160);
  image::AlphaMask alpha{cv::Mat1f(a.shown.size())};
  cv::Mat3b frame(a.shown.size());
  for (int x = 0; x < frame.cols; ++x) {
    const float share = static_cast<float>(x) / static_cast<float>(frame.cols - 1);
    alpha.values.col(x) = share;
    frame.col(x).setTo(share * cv::Vec3f(room) + (1 - share) * cv::Vec3f(a.shown(0, 0)));
  }
  cv::Mat3b stilled;
  StillFrame(frame, a.shown, a.still, alpha, a.noise, &stilled);
  for (int x = 0; x < frame.cols; ++x) {
    const float share = alpha.values(0, x);
    // Up to twice the limit, what shows is drawn nearer to the wallpaper.
    if (share * (200 - 90) < 2 * 4 + 1) continue;
    for (int c = 0; c < 3; ++c) {
      const float wanted =
          share * static_cast<float>(room[c]) + (1 - share) * static_cast<float>(a.still(0, 0)[c]);
      EXPECT_NEAR(stilled(3, x)[c], wanted, 1.01F) << x;
    }
  }
}

TEST(StillFrameTest, NoiseOfTheWallpaperIsNoEvidence) {
  const StillingCase a;
  cv::Mat3b frame = a.shown.clone();
  cv::RNG random(5);
  cv::Mat3b error(frame.size());
  random.fill(error, cv::RNG::UNIFORM, 0, 5);
  frame += error;
  image::AlphaMask alpha{cv::Mat1f(frame.size(), 0.0F)};
  cv::Mat3b stilled;
  StillFrame(frame, a.shown, a.still, alpha, a.noise, &stilled);
  EXPECT_EQ(cv::norm(stilled, a.still, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(StillBackground(frame, a.shown, a.still, a.noise), a.still, cv::NORM_INF), 0);
}

TEST(StillFrameTest, TheCallerStays) {
  const StillingCase a;
  const cv::Mat3b frame(a.shown.size(), cv::Vec3b(10, 200, 220));
  image::AlphaMask alpha{cv::Mat1f(frame.size(), 1.0F)};
  cv::Mat3b stilled;
  StillFrame(frame, a.shown, a.still, alpha, a.noise, &stilled);
  EXPECT_EQ(cv::norm(stilled, frame, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(StillBackground(frame, a.shown, a.still, a.noise), frame, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace peekproof::audit
