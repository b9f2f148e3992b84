// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "audit/caller_zone.h"
#include "audit/loop_finder.h"
#include "audit/settled_picture.h"
#include "audit/survey.h"
#include "audit/wallpaper_video.h"
#include "media/video_writer.h"
#include "testbed/wallpaper.h"

namespace peekproof::audit {
namespace {

constexpr int kPictures = 30;
constexpr double kFrameS = 1.0 / 25;

// Picture of a drawn landscape that goes round in a circle.
cv::Mat3b RoundPicture(int index) {
  static const cv::Mat3b kWide =
      testbed::MakeWallpaper(testbed::WallpaperKind::kMountains, 3, kThumbnailSize + cv::Size(60, 60));
  const double angle = 2 * CV_PI * index / kPictures;
  const cv::Point corner(30 + static_cast<int>(30 * std::cos(angle)),
                         30 + static_cast<int>(30 * std::sin(angle)));
  return kWide(cv::Rect(corner, kThumbnailSize)).clone();
}

// With somebody before it, who sways by his own clock.
cv::Mat3b WithCaller(cv::Mat3b picture, int frame) {
  const int x = 128 + static_cast<int>(10 * std::sin(0.037 * frame));
  cv::ellipse(picture, {x, 130}, {40, 80}, 0, 0, 360, cv::Scalar(80, 110, 170), cv::FILLED);
  return picture;
}

cv::Mat1f CallerOfAll() {
  cv::Mat1f caller(kThumbnailSize, 0.0F);
  cv::ellipse(caller, {128, 130}, {52, 82}, 0, 0, 360, cv::Scalar(1), cv::FILLED);
  return caller;
}

// A call that shows these pictures.
std::optional<BackgroundLoop> LoopOf(const std::vector<int>& shown) {
  LoopFinder finder;
  cv::RNG random(5);
  for (size_t i = 0; i < shown.size(); ++i) {
    cv::Mat3b frame = WithCaller(RoundPicture(shown[i]), static_cast<int>(i));
    cv::Mat3b noise(frame.size());
    random.fill(noise, cv::RNG::UNIFORM, 0, 5);
    frame += noise;
    finder.Add(frame, static_cast<double>(i) * kFrameS);
  }
  return finder.Find(CallerOfAll());
}

// Of the frames, the share whose picture tells what was shown, up to `off` pictures more or less and where
// picture 0 lies.
double ShareTold(const BackgroundLoop& loop, const std::vector<int>& shown, int off) {
  const int start = loop.picture_of[0] - shown[0];
  size_t told = 0;
  for (size_t i = 0; i < shown.size(); ++i) {
    const int away = ((loop.picture_of[i] - start - shown[i]) % kPictures + kPictures) % kPictures;
    told += std::min(away, kPictures - away) <= off ? 1 : 0;
  }
  return static_cast<double>(told) / static_cast<double>(shown.size());
}

TEST(LoopFinderTest, FindsThePeriodAndEachFramesPicture) {
  std::vector<int> shown;
  for (int i = 0; i < 5 * kPictures; ++i) shown.push_back(i % kPictures);
  const auto loop = LoopOf(shown);
  ASSERT_TRUE(loop);
  EXPECT_NEAR(loop->period_s, kPictures * kFrameS, 0.01);
  EXPECT_EQ(loop->pictures, kPictures);
  EXPECT_NEAR(loop->rounds, 5, 0.1);
  ASSERT_EQ(loop->picture_of.size(), shown.size());
  EXPECT_GE(ShareTold(*loop, shown, 0), 0.95);
}

TEST(LoopFinderTest, FollowsALoopThatPausesAndDropsPictures) {
  std::vector<int> shown;
  for (int round = 0; round < 8; ++round) {
    for (int i = 0; i < kPictures; ++i)
      if (round % 3 != 1 || i % 10 != 4) shown.push_back(i);
    for (int pause = 0; pause < round % 4; ++pause) shown.push_back(kPictures - 1);
  }
  const auto loop = LoopOf(shown);
  ASSERT_TRUE(loop);
  EXPECT_NEAR(loop->period_s, static_cast<double>(shown.size()) / 8 * kFrameS, 0.05);
  EXPECT_GE(ShareTold(*loop, shown, 2), 0.9);
}

TEST(LoopFinderTest, FindsNothingWhereNothingRepeatsOftenEnough) {
  std::vector<int> still(100, 4);
  EXPECT_FALSE(LoopOf(still));
  std::vector<int> twice;
  for (int i = 0; i < 2 * kPictures + 10; ++i) twice.push_back(i % kPictures);
  EXPECT_FALSE(LoopOf(twice));
  std::vector<int> wanders{0};
  cv::RNG random(3);
  for (int i = 0; i < 300; ++i) wanders.push_back(wanders.back() + random.uniform(-2, 3));
  for (int& picture : wanders) picture = std::abs(picture);
  EXPECT_FALSE(LoopOf(wanders));
  EXPECT_FALSE(LoopFinder().Find(CallerOfAll()));
}

TEST(LoopFinderTest, ACallerWhoRepeatsHimselfIsNoBackground) {
  LoopFinder finder;
  for (int i = 0; i < 200; ++i) {
    cv::Mat3b frame(kThumbnailSize, cv::Vec3b(90, 80, 70));
    const int x = 128 + static_cast<int>(12 * std::sin(2 * CV_PI * i / 40));
    cv::circle(frame, {x, 100}, 30, cv::Scalar(80, 110, 170), cv::FILLED);
    finder.Add(frame, i * kFrameS);
  }
  EXPECT_FALSE(finder.Find(CallerOfAll()));
}

TEST(LoopFinderTest, AnExposureThatWandersIsNoLoop) {
  LoopFinder finder;
  for (int i = 0; i < 300; ++i) {
    cv::Mat3b frame;
    RoundPicture(0).convertTo(frame, CV_8U, 0.8 + 0.1 * std::sin(2 * CV_PI * i / 60));
    finder.Add(frame, i * kFrameS);
  }
  EXPECT_FALSE(finder.Find(CallerOfAll()));
}

TEST(SettledPictureTest, TakesWhatMostFreeSamplesShow) {
  const cv::Size size(40, 30);
  SettledPicture picture(size);
  cv::RNG random(11);
  cv::Mat1b free(size, uint8_t{255});
  free.colRange(30, 40) = 0;
  for (int i = 0; i < 20; ++i) {
    cv::Mat3b frame(size, i % 3 == 2 ? cv::Vec3b(20, 200, 90) : cv::Vec3b(100, 120, 140));
    for (cv::Vec3b& pixel : frame) pixel += cv::Vec3b::all(static_cast<uchar>(random.uniform(0, 5)));
    picture.Add(frame, free);
  }
  const cv::Mat1b known = picture.Known();
  const cv::Mat3b colour = picture.Colour();
  for (int x = 0; x < 30; ++x) {
    EXPECT_EQ(known(7, x), 255);
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(colour(7, x)[c], 102 + 20 * c, 2);
  }
  EXPECT_EQ(cv::countNonZero(known.colRange(30, 40)), 0) << "never free";
}

TEST(SettledPictureTest, OneSampleIsNotKnown) {
  SettledPicture picture({8, 8});
  const cv::Mat1b free({8, 8}, uint8_t{255});
  picture.Add(cv::Mat3b({8, 8}, cv::Vec3b(1, 2, 3)), free);
  EXPECT_EQ(cv::countNonZero(picture.Known()), 0);
  picture.Add(cv::Mat3b({8, 8}, cv::Vec3b(200, 2, 3)), free);
  EXPECT_EQ(cv::countNonZero(picture.Known()), 0);
}

TEST(CallerZoneTest, IsFarBeyondTheReach) {
  image::AlphaMask caller{cv::Mat1f(20, 40, 0.0F)};
  caller.values(10, 15) = 0.6F;
  const cv::Mat1b far = FarFromCaller(caller, 0.5F, 3, {40, 20});
  EXPECT_EQ(cv::countNonZero(far), 20 * 40 - 7 * 7);
  EXPECT_EQ(far(7, 12), 0);
  EXPECT_EQ(far(6, 15), 255);
  EXPECT_EQ(cv::countNonZero(FarFromCaller(caller, 0.7F, 3, {40, 20})), 20 * 40);
}

TEST(LearnedVideoTest, WhatIsUnknownIsWhatTheFrameShows) {
  auto folder = TemporaryFolder::Make();
  ASSERT_TRUE(folder.ok());
  const std::filesystem::path kept = (*folder)->path();
  const std::string path = **folder / "loop.mkv";
  auto writer = media::VideoWriter::Create(path, {320, 180}, {.codec = "ffv1"});
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE((*writer)->Write(cv::Mat3b(180, 320, cv::Vec3b::all(i == 0 ? 50 : 150))).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  std::vector<cv::Mat1b> known(2);
  for (cv::Mat1b& one : known) one = cv::Mat1b(kThumbnailSize, uint8_t{255});
  known[1].colRange(0, 128) = 0;
  auto video = WallpaperVideo::OpenLearned(std::move(*folder), path, {320, 180}, known);
  ASSERT_TRUE(video.ok()) << video.error().message;
  const cv::Mat3b frame(180, 320, cv::Vec3b(1, 2, 3));
  const auto all = (*video)->Behind(frame, 0);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(cv::countNonZero(all->unknown), 0);
  EXPECT_EQ(cv::norm(all->picture, cv::Mat3b(180, 320, cv::Vec3b::all(50)), cv::NORM_INF), 0);
  const auto part = (*video)->Behind(frame, 1);
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(cv::countNonZero(part->unknown), 180 * 160);
  EXPECT_EQ(part->picture(90, 10), cv::Vec3b(1, 2, 3));
  EXPECT_EQ(part->picture(90, 300), cv::Vec3b::all(150));
  EXPECT_EQ((*video)->ThumbnailBehind(cv::Mat3b(kThumbnailSize, cv::Vec3b(9, 9, 9)), 1)(50, 20),
            cv::Vec3b(9, 9, 9));
  EXPECT_EQ(cv::countNonZero((*video)->MostlyKnown()), 180 * 320) << "known in half of the pictures";
  EXPECT_NEAR((*video)->KnownShare(), 0.75, 1e-6);
  video->reset();
  EXPECT_FALSE(std::filesystem::exists(kept)) << "the pictures stay nowhere";
}

}  // namespace
}  // namespace peekproof::audit
