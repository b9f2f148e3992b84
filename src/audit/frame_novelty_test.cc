// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/frame_novelty.h"

#include <gtest/gtest.h>

namespace peekproof::audit {
namespace {

const cv::Size kThumbnails(100, 60);
const cv::Rect kCallersPlace(30, 10, 40, 50);
const cv::Scalar kBeach(200, 180, 120);

// The caller is always in the middle of it, sometimes at its edge.
cv::Mat1f Presence() {
  cv::Mat1f presence(kThumbnails, 0.0F);
  presence(kCallersPlace).setTo(0.5F);
  presence(cv::Rect(40, 20, 20, 40)).setTo(1.0F);
  return presence;
}

// A caller before the wallpaper, so many pixels to the right.
cv::Mat3b CallerAt(int shift) {
  cv::Mat3b picture(kThumbnails, cv::Vec3b());
  picture.setTo(kBeach);
  picture(cv::Rect(38 + shift, 16, 20, 44)).setTo(cv::Scalar(40, 40, 60));
  return picture;
}

cv::Mat3b RawThumbnail() {
  cv::Mat3b picture = CallerAt(0);
  picture(cv::Rect(0, 0, 28, 60)).setTo(cv::Scalar(30, 60, 90));
  return picture;
}

int Looks(FrameNovelty* novelty, const cv::Mat3b& picture, int times) {
  int looks = 0;
  for (int i = 0; i < times; ++i) looks += novelty->Offer(picture) ? 1 : 0;
  return looks;
}

TEST(FrameNoveltyTest, LooksThreeTimesAndThenOnceInTwentyFive) {
  FrameNovelty novelty(Presence());
  EXPECT_EQ(Looks(&novelty, CallerAt(0), 3), 3);
  EXPECT_EQ(Looks(&novelty, CallerAt(0), 24), 0);
  EXPECT_EQ(Looks(&novelty, CallerAt(0), 1), 1);
  EXPECT_EQ(Looks(&novelty, CallerAt(0), 100), 4);
}

TEST(FrameNoveltyTest, LooksAtEveryNewPlaceOfTheCaller) {
  FrameNovelty novelty(Presence());
  Looks(&novelty, CallerAt(0), 10);
  for (const int shift : {1, 2, 4, 5, 6}) EXPECT_EQ(Looks(&novelty, CallerAt(shift), 10), 3) << shift;
  EXPECT_EQ(Looks(&novelty, CallerAt(1), 10), 0);
}

TEST(FrameNoveltyTest, ChangesBelowTheStepOfGreysAreNone) {
  FrameNovelty novelty(Presence());
  Looks(&novelty, CallerAt(0), 3);
  cv::Mat3b brighter = CallerAt(0);
  brighter += cv::Scalar::all(1);
  EXPECT_EQ(Looks(&novelty, brighter, 1), 0);
}

TEST(FrameNoveltyTest, WhatTheCallerAlwaysHidesIsNotNew) {
  FrameNovelty novelty(Presence());
  Looks(&novelty, CallerAt(0), 3);
  cv::Mat3b talking = CallerAt(0);
  talking(cv::Rect(42, 22, 14, 30)).setTo(cv::Scalar(90, 90, 200));
  EXPECT_EQ(Looks(&novelty, talking, 1), 0);
}

TEST(FrameNoveltyTest, LooksAtRawFramesHoweverOftenTheyCome) {
  FrameNovelty novelty(Presence());
  for (int glitch = 0; glitch < 8; ++glitch) {
    Looks(&novelty, CallerAt(0), 10);
    EXPECT_TRUE(novelty.Offer(RawThumbnail())) << glitch;
    EXPECT_TRUE(novelty.Offer(CallerAt(0))) << glitch;
  }
}

}  // namespace
}  // namespace peekproof::audit
