// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/leak_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "attacks/synthetic_scene.h"
#include "base/parallel.h"
#include "base/random.h"
#include "image/ciede2000.h"

namespace peekproof::attacks {
namespace {

/// The same steps, one picture operation after the other, exact differences everywhere.
image::BinaryMask SlowLeak(const SeeingThroughOptions& options, const cv::Mat3b& frame,
                           const cv::Mat3b& wallpaper, const image::AlphaMask& engine,
                           const image::AlphaMask& caller) {
  const cv::Mat1f difference = image::Ciede2000Map(frame, wallpaper);
  image::BinaryMask candidate = image::Erode(
      image::Dilate(image::GreaterThan(engine, options.engine_caller_above), options.engine_reach_px),
      options.engine_erosion_px);
  const image::BinaryMask added =
      image::Open({cv::Mat1b(difference >= options.add_from)}, options.add_opening_px);
  const image::BinaryMask person =
      image::Erode(image::GreaterThan(caller, options.caller_above), options.caller_erosion_px);
  candidate.values |= added.values;
  candidate.values.setTo(0, difference < options.remove_below);
  candidate.values.setTo(0, person.values);
  const auto skin =
      SkinRange(frame, person.values, options.skin_gate, options.skin_half_range, options.skin_step_px);
  if (options.remove_skin && skin.has_value()) {
    cv::Mat hsv;
    cv::cvtColor(frame, hsv, cv::COLOR_BGR2HSV);
    cv::Mat inside;
    cv::inRange(hsv, cv::Scalar(skin->low[0], skin->low[1], skin->low[2]),
                cv::Scalar(skin->high[0], skin->high[1], skin->high[2]), inside);
    candidate.values.setTo(0, inside);
  }
  return candidate;
}

TEST(LeakFinderTest, AgreesWithItsSlowTwin) {
  for (const SeeingThroughOptions& options :
       {SeeingThroughOptions::MediaPipe(), SeeingThroughOptions::Zoom()}) {
    SyntheticSceneOptions scene_options;
    scene_options.size = {203, 111};
    const SyntheticScene scene(scene_options);
    const auto wallpaper = Wallpaper::Of(scene.wallpaper());
    LeakFinder finder(options);
    int64_t found = 0;
    int64_t differing = 0;
    for (int t = 0; t < 40; t += 5) {
      const FrameEvidence evidence = scene.At(t).evidence;
      image::BinaryMask leak;
      int64_t leak_px = -1;
      finder.Find(evidence.frame.bgr, *wallpaper, evidence.engine_mask, evidence.caller, &leak, &leak_px);
      const image::BinaryMask slow =
          SlowLeak(options, evidence.frame.bgr, scene.wallpaper(), evidence.engine_mask, evidence.caller);
      EXPECT_EQ(leak_px, cv::countNonZero(leak.values));
      found += leak_px;
      differing += cv::countNonZero(leak.values != slow.values);
    }
    EXPECT_GT(found, 2000);
    EXPECT_LE(differing, 5) << "only pixels within the row error of a threshold may differ";
  }
}

TEST(LeakFinderTest, WallpaperAloneYieldsNothing) {
  SyntheticSceneOptions options;
  options.caller = false;
  const SyntheticScene scene(options);
  const auto wallpaper = Wallpaper::Of(scene.wallpaper());
  SeeingThroughOptions attack;
  LeakFinder finder(attack);
  const FrameEvidence evidence = scene.At(3).evidence;
  image::BinaryMask leak;
  int64_t leak_px = -1;
  cv::Mat3b frame = scene.wallpaper().clone();
  finder.Find(frame, *wallpaper, evidence.engine_mask, evidence.caller, &leak, &leak_px);
  EXPECT_EQ(leak_px, 0);
  EXPECT_EQ(cv::countNonZero(leak.values), 0);
}

TEST(LeakFinderTest, CallerAndSkinAreRemoved) {
  const cv::Size size(64, 48);
  const auto wallpaper = Wallpaper::Of(cv::Mat3b(size, cv::Vec3b(200, 60, 20)));
  cv::Mat3b frame(size, cv::Vec3b(200, 60, 20));
  const cv::Vec3b skin(110, 140, 200);
  frame(cv::Rect(20, 10, 20, 38)) = skin;             // The caller.
  frame(cv::Rect(50, 30, 8, 8)) = skin;               // His hand, which the second network misses.
  frame(cv::Rect(4, 30, 8, 8)) = cv::Vec3b(0, 0, 0);  // A leak; black is a colour like any other.
  image::AlphaMask engine{cv::Mat1f(size, 0.0F)};
  image::AlphaMask caller{cv::Mat1f(size, 0.0F)};
  caller.values(cv::Rect(18, 8, 24, 40)) = 1.0F;
  LeakFinder finder({});
  image::BinaryMask leak;
  int64_t leak_px = 0;
  finder.Find(frame, *wallpaper, engine, caller, &leak, &leak_px);
  EXPECT_EQ(cv::countNonZero(leak.values(cv::Rect(5, 31, 7, 7))), 49);
  EXPECT_LE(leak_px, 64);
  EXPECT_EQ(cv::countNonZero(leak.values(cv::Rect(18, 0, 46, 48))), 0);
}

TEST(SeeingThroughOptionsTest, ChecksItsFields) {
  EXPECT_TRUE(SeeingThroughOptions::Zoom().Validate().ok());
  SeeingThroughOptions options;
  options.add_from = options.remove_below - 1;
  ASSERT_FALSE(options.Validate().ok());
  EXPECT_NE(options.Validate().error().message.find("add_from"), std::string::npos);
  options = {};
  options.engine_caller_above = std::nanf("");
  EXPECT_FALSE(options.Validate().ok());
}

TEST(SkinTest, HsvIsOpenCvs) {
  cv::Mat3b colours(64, 512);
  for (int y = 0; y < colours.rows; ++y) {
    RowRandom random(3, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < colours.cols; ++x) {
      const uint64_t bits = random.Next();
      colours(y, x) = cv::Vec3b(static_cast<uchar>(bits), static_cast<uchar>(bits >> 8),
                                static_cast<uchar>(y % 4 == 0 ? bits : bits >> 16));
    }
  }
  cv::Mat3b hsv;
  cv::cvtColor(colours, hsv, cv::COLOR_BGR2HSV);
  for (int y = 0; y < colours.rows; ++y) {
    for (int x = 0; x < colours.cols; ++x) ASSERT_EQ(HsvOfBgr(colours(y, x).val), hsv(y, x)) << colours(y, x);
  }
}

TEST(SkinTest, RemovesTheColoursOfARange) {
  const int n = 1003;
  RowRandom random(4, 0, 0);
  std::vector<uint8_t> bgr(3 * n);
  for (uint8_t& value : bgr) value = static_cast<uint8_t>(random.Next());
  const HsvRange range{{10, 60, 50}, {110, 230, 240}};
  std::vector<uint8_t> flags(n);
  for (int i = 0; i < n; ++i) flags[i] = i % 100 < 40 || random.Next() % 2 == 0 ? 0 : 255;
  std::vector<uint8_t> expected = flags;
  int inside = 0;
  for (int i = 0; i < n; ++i) {
    if (flags[i] == 0 || !range.Contains(HsvOfBgr(&bgr[3 * i]))) continue;
    expected[i] = 0;
    ++inside;
  }
  ASSERT_GT(inside, 30);
  EXPECT_EQ(RemoveColours(range, bgr.data(), n, flags.data()), inside);
  EXPECT_EQ(flags, expected);
}

TEST(SkinTest, NoSkinNoRange) {
  const cv::Mat3b blue(20, 20, cv::Vec3b(200, 20, 20));
  EXPECT_FALSE(
      SkinRange(blue, cv::Mat1b(20, 20, uchar{255}), SeeingThroughOptions().skin_gate, {5, 35, 40}, 1)
          .has_value());
}

TEST(SeeingThroughOptionsTest, ArtifactCountsWhatRoundsToTheThreshold) {
  const cv::Size size(64, 48);
  const cv::Mat3b grey(size, cv::Vec3b(128, 128, 128));
  // A patch whose difference rounds to the threshold but lies below it.
  cv::Mat3b frame = grey.clone();
  uint8_t level = 128;
  const auto difference = [&] {
    return image::Ciede2000Map(cv::Mat3b(1, 1, cv::Vec3b(level, level, level)), grey(cv::Rect(0, 0, 1, 1)))(
        0, 0);
  };
  SeeingThroughOptions paper;
  while (difference() < paper.add_from - 0.5F) ++level;
  ASSERT_LT(difference(), paper.add_from);
  frame(cv::Rect(20, 20, 12, 12)).setTo(cv::Scalar::all(level));
  const image::AlphaMask nobody{cv::Mat1f(size, 0.0F)};
  SeeingThroughOptions artifact = paper;
  artifact.UseArtifactRounding();
  const auto found = [&](const SeeingThroughOptions& options) {
    LeakFinder finder(options);
    image::BinaryMask leak;
    int64_t leak_px = 0;
    finder.Find(frame, *Wallpaper::Of(grey), nobody, nobody, &leak, &leak_px);
    return leak_px;
  };
  EXPECT_EQ(found(paper), 0);
  EXPECT_EQ(found(artifact), 121)
      << "a square of 2 opens to one pixel right and below, where nothing differs";
}

}  // namespace
}  // namespace peekproof::attacks
