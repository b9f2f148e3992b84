// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/key_quality.h"

#include <gtest/gtest.h>

#include "testbed/key_chroma.h"
#include "testbed/key_own_colours.h"

namespace peekproof::testbed {
namespace {

const cv::Vec3f kBlue(0.5F, 0.1F, 0.05F);

cv::Mat4f Cut(const cv::Mat1f& alpha, const cv::Vec3f& colour) {
  cv::Mat4f cut(alpha.size());
  for (int y = 0; y < alpha.rows; ++y)
    for (int x = 0; x < alpha.cols; ++x) {
      const float a = alpha(y, x);
      cut(y, x) = {colour[0] * a, colour[1] * a, colour[2] * a, a};
    }
  return cut;
}

/// 8 x 6: a person of 4 x 3 at the lower border, with a soft row of 4 above.
cv::Mat1f Alpha() {
  cv::Mat1f alpha(6, 8, 0.0F);
  alpha(cv::Rect(2, 3, 4, 3)).setTo(1);
  alpha(cv::Rect(2, 2, 4, 1)).setTo(0.5F);
  return alpha;
}

TEST(KeyQualityMeter, CountsByHand) {
  cv::Mat1f holed = Alpha();
  holed(4, 3) = 0;
  KeyQualityMeter meter({});
  meter.AddFrame(Cut(Alpha(), {0.4F, 0.4F, 0.4F}));
  meter.AddFrame(Cut(holed, {0.4F, 0.4F, 0.4F}));
  const KeyQuality quality = meter.quality();
  EXPECT_DOUBLE_EQ(quality.soft_share, 8.0 / 23);
  EXPECT_DOUBLE_EQ(quality.holes, 0.5);
  EXPECT_DOUBLE_EQ(quality.hole_share, 1.0 / 23);
  EXPECT_DOUBLE_EQ(meter.person_share(), 23.0 / 96);
  EXPECT_FALSE(quality.spill.has_value()) << "no backdrop is known";
}

TEST(KeyQualityMeter, FlickersOnlyWhereThePictureStandsStill) {
  const cv::Mat1f before = Alpha();
  cv::Mat1f after = before.clone();
  after(2, 2) = 0.7F;   // Shimmers.
  after(2, 5) = 0.9F;   // Moves.
  after(0, 0) = 0.01F;  // No edge in either frame.
  cv::Mat3b picture_before(before.size(), cv::Vec3b(50, 50, 50));
  cv::Mat3b picture_after = picture_before.clone();
  picture_after(2, 5) = {50, 54, 50};
  picture_after(2, 3) = {53, 47, 50};  // As much as is steady.
  KeyQualityMeter meter({});
  meter.AddPair(before, after, picture_before, picture_after, 3);
  EXPECT_NEAR(meter.quality().flicker, 0.2 / 3, 1e-6);
}

TEST(KeyQualityMeter, SpillIsTheBackdropsShare) {
  const cv::Mat3f backdrop(6, 8, kBlue);
  const auto spill_of = [&](const cv::Vec3f& colour) {
    KeyQualityMeter meter(backdrop);
    meter.AddFrame(Cut(Alpha(), colour));
    return meter.quality().spill.value();
  };
  EXPECT_NEAR(spill_of(kBlue), 1, 1e-5);
  EXPECT_NEAR(spill_of({0.3F, 0.3F, 0.3F}), 0, 1e-5);
  EXPECT_NEAR(spill_of(0.5F * kBlue + 0.5F * cv::Vec3f(0.3F, 0.3F, 0.3F)), 0.5, 1e-5);
  EXPECT_EQ(spill_of({0.1F, 0.2F, 0.5F}), 0) << "the opposite hue makes up for nothing";
  KeyQualityMeter grey(cv::Mat3f(6, 8, cv::Vec3f(0.3F, 0.3F, 0.3F)));
  grey.AddFrame(Cut(Alpha(), kBlue));
  EXPECT_FALSE(grey.quality().spill.has_value()) << "grey has no hue";
}

TEST(FindHolesTest, CountsWhatIsClosedIn) {
  cv::Mat1f alpha(10, 12, 0.0F);
  alpha(cv::Rect(2, 2, 8, 8)).setTo(1);
  alpha(cv::Rect(4, 4, 2, 1)).setTo(0.2F);  // Inside.
  alpha(cv::Rect(7, 8, 2, 2)).setTo(0);     // At the lower border: closed in by it.
  alpha(5, 2) = 0;                          // A notch in the outline is open.
  const Holes holes = FindHoles(alpha);
  EXPECT_EQ(holes.places, 2);
  EXPECT_EQ(holes.pixels, 6);
}

TEST(ChromaTest, ColoursComeBack) {
  for (const cv::Vec3f& colour : {kBlue, cv::Vec3f(0, 0.7F, 0.2F), cv::Vec3f(1, 1, 1)}) {
    const cv::Vec3f back = ColourOf(ChromaOf(colour));
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(back[c], colour[c], 1e-5);
  }
  EXPECT_TRUE(HueOf(kBlue).is_strong);
  EXPECT_FALSE(HueOf({0.5F, 0.5F, 0.52F}).is_clear);
}

TEST(OwnColoursTest, KnowsWhatIsDeepInsideAndItsLike) {
  cv::Mat3b ycrcb(20, 20, cv::Vec3b(100, 120, 160));
  ycrcb(cv::Rect(0, 0, 20, 2)).setTo(cv::Scalar(30, 128, 128));  // Is not counted.
  ycrcb(5, 5) = {220, 128, 128};                                 // Is too rare.
  cv::Mat1b deep(ycrcb.size(), uint8_t{255});
  deep(cv::Rect(0, 0, 20, 2)).setTo(0);
  const OwnColours own(ycrcb, deep, 0.01);
  EXPECT_TRUE(own.Has({100, 120, 160}));
  EXPECT_TRUE(own.Has({108, 112, 168})) << "a neighbour of its cell";
  EXPECT_FALSE(own.Has({120, 120, 160}));
  EXPECT_FALSE(own.Has({30, 128, 128}));
  EXPECT_FALSE(own.Has({220, 128, 128}));
}

TEST(DoubtsOf, AreOfShimmeringOrPerforatedKeys) {
  KeyQuality quality;
  quality.soft_share = 0.15;
  quality.holes = 15;
  quality.hole_share = 0.0005;
  quality.flicker = 0.03;
  EXPECT_EQ(DoubtsOf(quality), "") << "loose hair";
  quality.flicker = 0.08;
  EXPECT_NE(DoubtsOf(quality).find("flicker 0.080"), std::string::npos);
  quality.flicker = 0;
  quality.hole_share = 0.024;
  EXPECT_NE(DoubtsOf(quality).find("holes 2.40 %"), std::string::npos);
}

}  // namespace
}  // namespace peekproof::testbed
