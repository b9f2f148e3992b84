// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <set>

#include "base/parallel.h"
#include "testbed/caller.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

const cv::Size kLookSize(320, 180);

double Luminance(const LinearColour& c) {
  return 0.2126 * double(c[0]) + 0.7152 * double(c[1]) + 0.0722 * double(c[2]);
}

TEST(SkinTone, GoesFromLightToDark) {
  for (int tone = 1; tone < kSkinTones; ++tone)
    EXPECT_LT(Luminance(SkinTone(tone)), 0.95 * Luminance(SkinTone(tone - 1)));
  EXPECT_NEAR(Luminance(SkinTone(0)), 0.66, 0.03);
  EXPECT_NEAR(Luminance(SkinTone(kSkinTones - 1)), 0.09, 0.01);
}

TEST(PresetLook, AllLookDifferent) {
  std::set<HairStyle> styles;
  for (int a = 0; a < kPresetLooks; ++a) {
    styles.insert(PresetLook(a).hair_style);
    const cv::Mat4f first = Render(PresetLook(a), {}, {80, 45});
    for (int b = 0; b < a; ++b)
      EXPECT_GT(cv::norm(first, Render(PresetLook(b), {}, {80, 45}), cv::NORM_L1), 0.02 * 80 * 45)
          << a << " and " << b;
  }
  EXPECT_EQ(styles.size(), 6U) << "every hair style occurs";
}

TEST(PersonLook, IsAnotherPersonForEachNumber) {
  EXPECT_EQ(PersonLook(5).cloth, PersonLook(5).cloth);
  std::set<HairStyle> styles;
  std::set<float> skins;
  int beards = 0, glasses = 0;
  for (uint64_t i = 0; i < 40; ++i) {
    const CallerLook look = PersonLook(i);
    styles.insert(look.hair_style);
    skins.insert(look.skin[0]);
    beards += look.beard ? 1 : 0;
    glasses += look.glasses ? 1 : 0;
    EXPECT_TRUE(look.strands >= 0 && look.strands <= 1);
    EXPECT_TRUE(look.width >= 0.9F && look.width <= 1.1F);
    for (const LinearColour& colour : {look.skin, look.hair, look.cloth, look.stripe, look.beanie})
      for (const float channel : colour) EXPECT_TRUE(channel >= 0 && channel <= 1) << channel;
  }
  EXPECT_EQ(styles.size(), 6U);
  EXPECT_EQ(skins.size(), 40U);
  EXPECT_TRUE(beards > 3 && beards < 30) << beards;
  EXPECT_TRUE(glasses > 3 && glasses < 30) << glasses;
}

TEST(VariedLook, DrawsOnTheFirstThreeLooksOnly) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const CallerLook look = VariedLook(seed);
    EXPECT_LE(static_cast<int>(look.hair_style), static_cast<int>(HairStyle::kCurly));
    EXPECT_EQ(look.strands, 0.0F);
  }
}

/// Share of soft pixels (alpha strictly between 0.02 and 0.98) within 12 px outside the solid silhouette of
/// the head's half of the picture.
double SoftShare(const CallerLook& look) {
  CallerLook solid = look;
  solid.strands = 0;
  const cv::Rect head(100, 0, 120, 100);
  const cv::Mat1b inside(AlphaOf(Render(solid))(head) > 0.02F);
  cv::Mat1b near;
  cv::dilate(inside, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {25, 25}));
  const cv::Mat1b band(near & ~inside);
  const cv::Mat1f alpha = AlphaOf(Render(look))(head);
  const cv::Mat1b soft((alpha > 0.02F) & (alpha < 0.98F) & band);
  return static_cast<double>(cv::countNonZero(soft)) / cv::countNonZero(band);
}

TEST(Strands, MakeABandOfSoftPixels) {
  for (const HairStyle style : {HairStyle::kLong, HairStyle::kCurly}) {
    CallerLook look = PresetLook(1);
    look.hair_style = style;
    EXPECT_EQ(SoftShare(look), 0.0) << "nothing is outside the silhouette without strands";
    look.strands = 0.3F;
    const double few = SoftShare(look);
    look.strands = 1.0F;
    const double many = SoftShare(look);
    EXPECT_GT(few, 0.10) << static_cast<int>(style);
    EXPECT_GT(many, 1.4 * few) << static_cast<int>(style);
    EXPECT_LT(many, 0.95) << static_cast<int>(style);
  }
}

TEST(Strands, ArePremultipliedAndLieUnderTheSolid) {
  for (const int index : {4, 5, 6, 9}) {
    const CallerLook look = PresetLook(index);
    CallerLook solid = look;
    solid.strands = 0;
    const cv::Mat4f with = Render(look);
    const cv::Mat4f without = Render(solid);
    int softer = 0;
    for (int y = 0; y < kLookSize.height; ++y)
      for (int x = 0; x < kLookSize.width; ++x) {
        const cv::Vec4f& a = with(y, x);
        const cv::Vec4f& b = without(y, x);
        ASSERT_TRUE(a[3] >= b[3] && a[3] <= 1.0F);
        if (b[3] == 1.0F) {
          ASSERT_EQ(a, b);
        }
        if (a[3] == b[3]) continue;
        ++softer;
        for (int c = 0; c < 3; ++c) ASSERT_LE(a[c] - b[c], a[3] - b[3] + 1e-6F);
      }
    EXPECT_GT(softer, 500) << "look " << index;
  }
}

/// Mean coverage does not depend on the size the picture is drawn at: thin hairs are not lost or fattened.
TEST(Strands, CoverTheSameAtAnySize) {
  CallerLook look = PresetLook(4);
  look.strands = 0.5F;
  CallerLook solid = look;
  solid.strands = 0;
  const auto covered = [&](cv::Size size) {
    return (cv::sum(AlphaOf(Render(look, {}, size)))[0] - cv::sum(AlphaOf(Render(solid, {}, size)))[0]) /
           size.area();
  };
  const double small = covered({320, 180});
  const double large = covered({960, 540});
  EXPECT_NEAR(small / large, 1.0, 0.10) << small << " " << large;
}

TEST(Strands, MoveWithTheHead) {
  // Moving a whole number of pixels sideways moves the picture of far, small things by as much.
  CallerLook look = PresetLook(6);
  CallerPose here, there;
  const float pixel = here.distance * 0.36397F / 90.0F;
  there.x = here.x + 4 * pixel;
  const cv::Rect left(90, 0, 130, 85), right(94, 0, 130, 85);
  const cv::Mat1f before = AlphaOf(Render(look, here))(left);
  const cv::Mat1f after = AlphaOf(Render(look, there))(right);
  const cv::Mat1f unmoved = AlphaOf(Render(look, there))(left);
  EXPECT_LT(cv::norm(before, after, cv::NORM_L1), 0.35 * cv::norm(before, unmoved, cv::NORM_L1));
}

TEST(Strands, DoNotDependOnThreads) {
  cv::Mat4f one, four;
  {
    const ThreadLimit limit(1);
    one = Render(PresetLook(4));
  }
  {
    const ThreadLimit limit(4);
    four = Render(PresetLook(4));
  }
  EXPECT_TRUE(SameBytes(one, four));
}

TEST(Strands, ABaldHeadHasNone) {
  CallerLook look = PresetLook(7);
  const cv::Mat4f without = Render(look);
  look.strands = 1;
  EXPECT_TRUE(SameBytes(Render(look), without));
}

TEST(HeldObject, BelongsToTheSilhouetteOfARaisedHand) {
  for (const HeldObject held : {HeldObject::kMug, HeldObject::kPhone, HeldObject::kPaper})
    for (int side = 0; side < 2; ++side) {
      CallerLook look = PresetLook(0);
      CallerPose pose;
      const cv::Mat1f down = AlphaOf(Render(look, pose));
      look.held[side] = held;
      EXPECT_LT(cv::norm(AlphaOf(Render(look, pose)), down, cv::NORM_L1), 0.1)
          << "out of sight below the frame";
      pose.arm_raise[side] = 1;
      const cv::Mat1f up = AlphaOf(Render(look, pose));
      const cv::Rect half(side == 0 ? 0 : 160, 0, 160, 180);
      EXPECT_GT(cv::sum(up(half))[0] - cv::sum(down(half))[0], held == HeldObject::kPaper ? 4000 : 700);
      // The tile culling has to know how far the thing reaches: no cut edges at tile borders.
      look.held[1 - side] = held;
      pose.arm_raise[1 - side] = 1;
      const cv::Mat1f both = AlphaOf(Render(look, pose));
      EXPECT_EQ(cv::norm(both(half), up(half), cv::NORM_INF), 0) << "hands do not depend on each other";
    }
}

}  // namespace
}  // namespace peekproof::testbed
