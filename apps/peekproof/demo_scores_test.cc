// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "demo_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peekproof::cli {
namespace {

constexpr int kSide = 8;

/// A room that leaks in its left half, half strength; the caller covers nothing for good.
testbed::SceneTruth LeftHalfLeaks() {
  testbed::SceneTruth truth;
  truth.size = {kSide, kSide};
  truth.room = cv::Mat3b(truth.size, cv::Vec3b(20, 120, 220));
  truth.wallpaper = cv::Mat3b(truth.size, cv::Vec3b(200, 90, 30));
  truth.leak_alpha = cv::Mat1f(truth.size, 0.0F);
  truth.leak_alpha(cv::Rect(0, 0, kSide / 2, kSide)).setTo(0.5F);
  truth.uncovered = cv::Mat1b(truth.size, uchar{255});
  truth.always_caller = cv::Mat1b(truth.size, uchar{0});
  return truth;
}

image::Reconstruction Painted(const cv::Mat3b& colours, const cv::Mat1f& where) {
  auto room = image::Reconstruction::Absent(colours.size());
  colours.copyTo(room.bgr, where > 0);
  room.evidence.setTo(3, where > 0);
  room.confidence.setTo(0.9, where > 0);
  return room;
}

TEST(ScoreDemo, TellsRoomFromBlendFromWallpaper) {
  const testbed::SceneTruth truth = LeftHalfLeaks();
  audit::SegmentResult segment;
  segment.room = Painted(truth.room, truth.leak_alpha);
  segment.gathered = Painted(cv::Mat3b(truth.room * 0.5 + truth.wallpaper * 0.5), truth.leak_alpha);
  const DemoScores scores = ScoreDemo(segment, truth);
  EXPECT_DOUBLE_EQ(scores.unblended.at_4.recall, 1);
  EXPECT_DOUBLE_EQ(scores.unblended.at_4.precision, 1);
  EXPECT_DOUBLE_EQ(scores.gathered.at_4.recall, 0);
  EXPECT_DOUBLE_EQ(scores.gathered.legacy.painted, 1) << "the legacy score asks for the blend";
  EXPECT_DOUBLE_EQ(scores.wallpaper.at_10.recall, 0);
  EXPECT_DOUBLE_EQ(scores.wallpaper.false_paint.total, 0.5);
  EXPECT_DOUBLE_EQ(scores.wallpaper.legacy.painted, scores.unblended.legacy.wallpaper_floor);
}

TEST(FormatScores, PutsTheThreeSideBySide) {
  DemoScores scores;
  scores.unblended.area = {
      .frame_px = 200, .environment_px = 100, .full_px = 2, .partial_px = 20, .weighted_px = 10};
  scores.wallpaper.legacy.painted = 0.05;
  scores.gathered.at_10.recall = 0.54;
  scores.unblended.at_10.recall = 0.83;
  const std::string text = FormatScores(scores);
  EXPECT_THAT(text, testing::HasSubstr("20 % leaked in part and 2.0 % in full (10 %"));
  EXPECT_THAT(text, testing::ContainsRegex("wallpaper only +plain gathering +un-blending"));
  EXPECT_THAT(text, testing::ContainsRegex("recall at dE 10 +0 % +54 % +83 %"));
  EXPECT_THAT(text, testing::ContainsRegex("legacy score +5.0 % +0 % +0 %"));
}

}  // namespace
}  // namespace peekproof::cli
