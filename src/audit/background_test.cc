// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "audit/background_kind.h"
#include "audit/background_swap.h"
#include "audit/blurred_scene.h"
#include "audit/camera_motion.h"
#include "audit/colour_drift.h"
#include "audit/edge_sharpness.h"
#include "audit/moving_background.h"
#include "audit/outline_evidence.h"
#include "audit/photometry.h"
#include "base/random.h"
#include "testbed/room.h"

namespace peekproof::audit {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;

cv::Mat3b RandomPicture(uint64_t seed, cv::Size size, int blocks) {
  cv::Mat3b small(blocks, 2 * blocks);
  RowRandom random(seed, 0, 0);
  for (cv::Vec3b& pixel : small) {
    for (int channel = 0; channel < 3; ++channel)
      pixel[channel] = static_cast<uchar>(random.Uniform(20, 236));
  }
  cv::Mat3b large;
  cv::resize(small, large, size, 0, 0, cv::INTER_CUBIC);
  return large;
}

// A dark disc for a caller, on a bright wallpaper; around it a ring of `ring_px` in the room's colour.
struct Call {
  cv::Mat3b wallpaper{cv::Size(kWidth, kHeight), cv::Vec3b(220, 210, 200)};
  cv::Mat1b known{cv::Size(kWidth, kHeight), uchar{255}};
  cv::Mat3b frame;
  image::AlphaMask caller;

  explicit Call(int ring_px, double softness_px) {
    const cv::Point centre(kWidth / 2, kHeight / 2);
    cv::Mat1f camera(wallpaper.size(), 0.0F);
    cv::circle(camera, centre, 90 + ring_px, 1.0F, cv::FILLED);
    cv::GaussianBlur(camera, camera, {}, softness_px);
    cv::Mat3b room(wallpaper.size(), cv::Vec3b(40, 200, 40));
    cv::circle(room, centre, 90, {50, 40, 60}, cv::FILLED);
    frame = wallpaper.clone();
    for (int i = 0; i < frame.rows; ++i) {
      for (int j = 0; j < frame.cols; ++j) {
        frame(i, j) = camera(i, j) * cv::Vec3f(room(i, j)) + (1 - camera(i, j)) * cv::Vec3f(wallpaper(i, j));
      }
    }
    caller.values = cv::Mat1f(wallpaper.size(), 0.0F);
    cv::circle(caller.values, centre, 92, 1.0F, cv::FILLED);
    cv::GaussianBlur(caller.values, caller.values, {}, 2.0);
  }
};

TEST(OutlineEvidenceTest, APlainRoomChangesAtOnceAndWithoutAThirdColour) {
  const Call plain(0, 0.6);
  const OutlineEvidence outline = ExamineOutline(plain.frame, plain.wallpaper, plain.known, plain.caller);
  EXPECT_GT(outline.profiles, 50);
  EXPECT_LT(outline.MedianWidth(), 5.0);
  EXPECT_LT(outline.ThirdColourShare(), 0.05);
}

TEST(OutlineEvidenceTest, ALeakShowsAsAThirdColour) {
  const Call leaking(3, 0.7);
  const OutlineEvidence outline =
      ExamineOutline(leaking.frame, leaking.wallpaper, leaking.known, leaking.caller);
  EXPECT_GT(outline.profiles, 50);
  EXPECT_GT(outline.ThirdColourShare(), 0.8);
}

TEST(OutlineEvidenceTest, ASoftMatteMakesTheChangeWide) {
  const Call soft(0, 4.0);
  const OutlineEvidence outline = ExamineOutline(soft.frame, soft.wallpaper, soft.known, soft.caller);
  EXPECT_GT(outline.MedianWidth(), 7.0);
}

TEST(OutlineEvidenceTest, MergesCounts) {
  OutlineEvidence a;
  a.profiles = 4;
  a.width_counts[2] = 4;
  OutlineEvidence b;
  b.profiles = 4;
  b.third_colour = 2;
  b.width_counts[8] = 4;
  a.Merge(b);
  EXPECT_DOUBLE_EQ(a.ThirdColourShare(), 0.25);
  EXPECT_NEAR(a.MedianWidth(), 3.0, 0.01);
  EXPECT_DOUBLE_EQ(OutlineEvidence().MedianWidth(), 0.0);
}

TEST(CameraMotionTest, MeasuresACommonShiftAndNoneOfACallerAlone) {
  const cv::Mat3b wide = RandomPicture(1, {512, 144}, 36);
  CameraMotion moving;
  CameraMotion still;
  for (int i = 0; i < 20; ++i) {
    moving.Add(wide(cv::Rect(4 * i, 0, 256, 144)), 0.5 * i);
    cv::Mat3b picture = wide(cv::Rect(0, 0, 256, 144)).clone();
    cv::rectangle(picture, {60 + 4 * i, 40, 50, 104}, {30, 30, 30}, cv::FILLED);
    still.Add(picture, 0.5 * i);
  }
  EXPECT_NEAR(moving.MedianShiftPx(), 4.0, 0.5);
  EXPECT_LT(still.MedianShiftPx(), 0.3);
  EXPECT_DOUBLE_EQ(CameraMotion().MedianShiftPx(), 0.0);
}

image::Reconstruction StripOf(const cv::Mat3b& room) {
  image::Reconstruction strip = image::Reconstruction::Absent(room.size());
  const cv::Rect area(room.cols / 8, 0, room.cols / 4, room.rows);
  room(area).copyTo(strip.bgr(area));
  strip.evidence(area) = 5;
  strip.confidence(area) = 0.9F;
  return strip;
}

TEST(RoomMatchTest, ConfirmsTheRoomAndNotAnother) {
  const cv::Mat3b room = RandomPicture(1, {kWidth, kHeight}, 6);
  cv::Mat3b plate;
  cv::resize(room, plate, {256, 144}, 0, 0, cv::INTER_AREA);
  EXPECT_TRUE(MatchRoom(StripOf(room), plate).Confirms());
  EXPECT_FALSE(MatchRoom(StripOf(RandomPicture(2, {kWidth, kHeight}, 6)), plate).Confirms());
  EXPECT_FALSE(MatchRoom(image::Reconstruction::Absent({kWidth, kHeight}), plate).Confirms());
}

class RawScenesTest : public testing::Test {
 protected:
  RawScenesTest() {
    const cv::Mat3b wallpaper = RandomPicture(3, {256, 144}, 6);
    const cv::Mat3b room_picture = RandomPicture(1, {kWidth, kHeight}, 6);
    cv::Mat3b room;
    cv::resize(room_picture, room, {256, 144}, 0, 0, cv::INTER_AREA);
    survey.scenes = {{.scene = {.plate = wallpaper, .frames = 100}},
                     {.scene = {.plate = room, .frames = 80}}};
    survey.shots = {{.scene = 0, .first_frame = 0, .end_frame = 100, .start_s = 0, .last_s = 4},
                    {.scene = 1, .first_frame = 100, .end_frame = 180, .start_s = 4, .last_s = 7}};
    survey.swaps = {{.scene_before = 0, .scene_after = 1}};
    results = {{.background = BackgroundKind::kStaticWallpaper,
                .analysed = true,
                .room = StripOf(room_picture),
                .gathered = image::Reconstruction::Absent({kWidth, kHeight})},
               {.background = BackgroundKind::kStaticWallpaper,
                .analysed = true,
                .room = image::Reconstruction::Absent({kWidth, kHeight}),
                .gathered = image::Reconstruction::Absent({kWidth, kHeight})}};
  }
  Survey survey;
  std::vector<SegmentResult> results;
};

TEST_F(RawScenesTest, TheSceneThatMatchesTheRecoveredRoomIsRaw) {
  const auto raw = FindRawScenes(survey, &results);
  ASSERT_EQ(raw.size(), 1U);
  EXPECT_DOUBLE_EQ(raw[0].start_s, 4.0);
  EXPECT_EQ(raw[0].frames, 80);
  EXPECT_GT(raw[0].room_share, 0.5);
  EXPECT_THAT(raw[0].reason, testing::HasSubstr("matches the room"));
  EXPECT_EQ(results[1].background, BackgroundKind::kNone);
}

TEST_F(RawScenesTest, WithoutAMatchAShortSceneIsLikelyRawAndALongOneIsLeftAlone) {
  results[0].room = image::Reconstruction::Absent({kWidth, kHeight});
  EXPECT_TRUE(FindRawScenes(survey, &results).empty());
  survey.scenes[1].scene.frames = 10;
  const auto raw = FindRawScenes(survey, &results);
  ASSERT_EQ(raw.size(), 1U);
  EXPECT_THAT(raw[0].reason, testing::HasSubstr("most likely"));
}

TEST_F(RawScenesTest, WithoutASwapNothingIsRaw) {
  survey.swaps.clear();
  EXPECT_TRUE(FindRawScenes(survey, &results).empty());
}

TEST(EdgeSharpnessTest, FollowsTheBlur) {
  cv::Mat1b sharp(200, 200, uchar{40});
  for (int x = 20; x < 200; x += 40) cv::rectangle(sharp, {x, 0, 20, 200}, 200, cv::FILLED);
  const cv::Mat1b everywhere(sharp.size(), uchar{255});
  double previous = 1.01;
  for (const double sigma_px : {1.0, 2.0, 3.0}) {
    cv::Mat1b blurred;
    cv::GaussianBlur(sharp, blurred, {}, sigma_px);
    EdgeSharpness sharpness;
    sharpness.Add(blurred, everywhere);
    EXPECT_GT(sharpness.edges(), 500);
    EXPECT_LT(sharpness.Quantile(0.9), previous);
    EXPECT_NEAR(sharpness.Quantile(0.9), std::erf(0.5 / (sigma_px * std::sqrt(2.0))), 0.03) << sigma_px;
    previous = sharpness.Quantile(0.9);
  }
  EdgeSharpness nothing;
  nothing.Add(sharp, cv::Mat1b(sharp.size(), uchar{0}));
  EXPECT_EQ(nothing.edges(), 0);
  EXPECT_DOUBLE_EQ(nothing.Quantile(0.5), 0.0);
}

// Frames of a caller before `background`, sharp or not, whose brightness may wander.
Photometry PhotometryOf(const cv::Mat3b& background, double caller_blur_px, double unrest_levels) {
  Photometry photometry;
  for (int i = 0; i < 40; ++i) {
    cv::Mat3b frame;
    cv::add(background, cv::Scalar::all(unrest_levels * ((i % 2) * 2 - 1)), frame);
    cv::Mat3b caller = RandomPicture(9, {200, 300}, 24);
    cv::GaussianBlur(caller, caller, {}, caller_blur_px);
    caller.copyTo(frame(cv::Rect(220, 60, 200, 300)));
    image::AlphaMask mask{cv::Mat1f(144, 256, 0.0F)};
    mask.values(cv::Rect(88, 24, 80, 120)) = 1.0F;
    photometry.Add(frame, mask);
  }
  return photometry;
}

class JudgeStillTest : public testing::Test {
 protected:
  static BackgroundKind Judged(const cv::Mat3b& background, double caller_blur_px, double unrest_levels) {
    SurveyedScene scene;
    scene.photometry = PhotometryOf(background, caller_blur_px, unrest_levels);
    return JudgeStill(scene, {}).kind;
  }
  const cv::Mat3b detailed = [] {
    cv::Mat3b blocks;
    cv::resize(RandomPicture(4, {80, 45}, 45), blocks, {kWidth, kHeight}, 0, 0, cv::INTER_NEAREST);
    return blocks;
  }();
};

TEST_F(JudgeStillTest, ASharpStillPictureBehindASofterCallerIsReplaced) {
  EXPECT_EQ(Judged(detailed, 1.5, 0.0), BackgroundKind::kStaticWallpaper);
}

TEST_F(JudgeStillTest, ABackgroundThatAnswersToTheLightIsPlain) {
  EXPECT_EQ(Judged(detailed, 1.5, 1.0), BackgroundKind::kNone);
}

TEST_F(JudgeStillTest, ABackgroundSofterThanTheCallerIsPlain) {
  cv::Mat3b soft;
  cv::GaussianBlur(detailed, soft, {}, 2.0);
  EXPECT_EQ(Judged(soft, 0.5, 0.0), BackgroundKind::kNone);
}

TEST_F(JudgeStillTest, AHeavilyBlurredBackgroundIsBlurred) {
  cv::Mat3b blurred;
  cv::resize(RandomPicture(4, {20, 12}, 12), blurred, {kWidth, kHeight}, 0, 0, cv::INTER_NEAREST);
  cv::GaussianBlur(blurred, blurred, {}, 6.0);
  EXPECT_EQ(Judged(blurred, 0.5, 0.0), BackgroundKind::kBlurred);
}

TEST_F(JudgeStillTest, ALightlyBlurredRoomIsNotAPlainOne) {
  SurveyedScene scene;
  scene.wallpaper = testbed::MakeRoom(6, {kWidth, kHeight}).bgr;
  scene.wallpaper_support = cv::Mat1f(kHeight, kWidth, 0.9F);
  scene.caller_presence = cv::Mat1f(144, 256, 0.0F);
  EXPECT_FALSE(JudgeBlur(scene)) << "sharp";
  cv::GaussianBlur(scene.wallpaper, scene.wallpaper, {}, 2.5);
  const auto blur = BlurOf(scene);
  ASSERT_TRUE(blur);
  EXPECT_NEAR(blur->kernel.sigma_px, 2.5, 0.4);
  EXPECT_EQ(JudgeBlur(scene).value().kind, BackgroundKind::kBlurred);
}

TEST_F(JudgeStillTest, ACheckeredWallpaperIsNotBlurredThoughItsSpectrumFallsOff) {
  SurveyedScene scene;
  scene.wallpaper = cv::Mat3b(270, 480, cv::Vec3b::all(255));
  for (int y = 0; y < scene.wallpaper.rows; ++y)
    for (int x = 0; x < scene.wallpaper.cols; ++x)
      if ((x / 40 + y / 40) % 2 == 0) scene.wallpaper(y, x) = cv::Vec3b::all(204);
  cv::GaussianBlur(scene.wallpaper, scene.wallpaper, {}, 0.6);
  scene.wallpaper_support = cv::Mat1f(scene.wallpaper.size(), 0.9F);
  scene.caller_presence = cv::Mat1f(144, 256, 0.0F);
  EXPECT_FALSE(JudgeBlur(scene));
  cv::GaussianBlur(scene.wallpaper, scene.wallpaper, {}, 8.0);
  EXPECT_TRUE(JudgeBlur(scene));
}

TEST_F(JudgeStillTest, AFlatBackgroundTellsNothingAndIsTakenForReplaced) {
  EXPECT_EQ(Judged(cv::Mat3b(kHeight, kWidth, cv::Vec3b(90, 140, 60)), 0.5, 0.0),
            BackgroundKind::kStaticWallpaper);
}

SurveyedScene SceneWithSupport(float support, double global_motion_px) {
  SurveyedScene scene;
  scene.sampled_frames = 100;
  scene.caller_presence = cv::Mat1f(144, 256, 0.0F);
  scene.caller_presence(cv::Rect(100, 40, 60, 104)) = 0.9F;
  scene.settled_frames = 100 - 100 * scene.caller_presence;
  scene.colour_drift = cv::Mat1f(144, 256, 0.8F);
  scene.wallpaper_support = cv::Mat1f(kHeight, kWidth, support);
  scene.global_motion_px = global_motion_px;
  return scene;
}

TEST(JudgeBlurTest, LooksAtSingleFramesWhereTheCameraMoves) {
  SurveyedScene scene = SceneWithSupport(0.0F, 0.0);
  scene.wallpaper = cv::Mat3b(kHeight, kWidth, cv::Vec3b::all(90));
  cv::Mat3b room = testbed::MakeRoom(6, {kWidth + 20, kHeight}).bgr;
  cv::GaussianBlur(room, room, {}, 4.0);
  for (int i = 0; i < 6; ++i) scene.frames.push_back(room(cv::Rect(3 * i, 0, kWidth, kHeight)).clone());
  EXPECT_TRUE(CameraMoves(scene));
  const auto judgement = JudgeBlur(scene);
  ASSERT_TRUE(judgement);
  EXPECT_EQ(judgement->kind, BackgroundKind::kBlurred);
  for (cv::Mat3b& frame : scene.frames) frame = scene.frames.front();
  EXPECT_FALSE(CameraMoves(scene));
  EXPECT_FALSE(JudgeBlur(scene)) << "what is blurred and stands still is seen in the wallpaper";
}

/// A scene of which the upper rows move, and a small part.
SurveyedScene SceneWithMotion(int moving_rows) {
  SurveyedScene scene = SceneWithSupport(0.95F, 0.0);
  scene.colour_drift(cv::Rect(0, 0, 256, moving_rows)) = 6.0F;
  scene.colour_drift(cv::Rect(200, 140, 8, 4)) = 7.0F;
  return scene;
}

TEST(MovingBackgroundTest, FindsThePartThatKeepsNoColour) {
  EXPECT_EQ(cv::countNonZero(MovingBackground(SceneWithMotion(0))), 0) << "a part that is too small";
  const SurveyedScene scene = SceneWithMotion(36);
  cv::Mat1b expected(144, 256, uint8_t{0});
  expected(cv::Rect(0, 0, 256, 36)) = 255;
  EXPECT_EQ(cv::countNonZero(MovingBackground(scene) != expected), 0);
  EXPECT_DOUBLE_EQ(MovingShare(scene), 0.25);
  EXPECT_EQ(JudgeStillness(scene).kind, BackgroundKind::kStaticWallpaper) << "the rest can be judged";
  EXPECT_EQ(JudgeStillness(SceneWithMotion(60)).kind, BackgroundKind::kAnimatedWallpaper);
}

TEST(MovingBackgroundTest, LetsRawFramesCountEverywhere) {
  SurveyedScene scene = SceneWithMotion(0);
  scene.colour_drift += 3.5F;
  EXPECT_EQ(cv::countNonZero(MovingBackground(scene)), 0);
  EXPECT_EQ(MovingShare(SurveyedScene()), 0) << "nothing was sampled";
}

TEST(ColourDriftTest, CountsWhatLastsAndLittleOfWhatPasses) {
  ColourDrift drift;
  for (int i = 0; i < 50; ++i) {
    cv::Mat3b thumbnail(4, 4, cv::Vec3b(50, 60, 70));
    thumbnail(0, 0)[2] = static_cast<uint8_t>(70 + i);      // Wanders.
    if (i % 10 == 5) thumbnail(1, 1) = cv::Vec3b(0, 0, 0);  // A raw frame now and then.
    cv::Mat1b settled(4, 4, uint8_t{255});
    if (i > 0) settled(2, 2) = 0;
    drift.Add(thumbnail, settled);
  }
  const cv::Mat1f mean = drift.Mean();
  EXPECT_EQ(mean(3, 3), 0);
  EXPECT_EQ(mean(2, 2), 0) << "seen once";
  EXPECT_GT(mean(0, 0), 6);
  EXPECT_LE(mean(0, 0), ColourDrift::kMostDrift);
  EXPECT_LT(mean(1, 1), 2.5);
}

TEST(JudgeStillnessTest, TellsStillMovingAndCamera) {
  EXPECT_EQ(JudgeStillness(SceneWithSupport(0.95F, 0.0)).kind, BackgroundKind::kStaticWallpaper);
  EXPECT_EQ(JudgeStillness(SceneWithSupport(0.2F, 0.0)).kind, BackgroundKind::kAnimatedWallpaper);
  EXPECT_EQ(JudgeStillness(SceneWithSupport(0.2F, 2.0)).kind, BackgroundKind::kNone);
  SurveyedScene moving = SceneWithSupport(0.2F, 2.0);
  for (int i = 0; i < 6; ++i) {
    moving.frames.push_back(testbed::MakeRoom(6, {kWidth, kHeight}).bgr);
    cv::GaussianBlur(moving.frames.back(), moving.frames.back(), {}, i == 0 ? 0.5 : 3.0);
  }
  EXPECT_NEAR(BlurInMotion(moving)->kernel.sigma_px, 3.0, 0.5);
  EXPECT_EQ(JudgeStillness(moving).kind, BackgroundKind::kBlurred);
  for (cv::Mat3b& frame : moving.frames) frame = testbed::MakeRoom(6, {kWidth, kHeight}).bgr;
  EXPECT_EQ(JudgeStillness(moving).kind, BackgroundKind::kNone) << "a plain room before a moving camera";
  SurveyedScene few = SceneWithSupport(0.95F, 0.0);
  few.sampled_frames = 2;
  EXPECT_EQ(JudgeStillness(few).kind, BackgroundKind::kUnknown);
}

}  // namespace
}  // namespace peekproof::audit
