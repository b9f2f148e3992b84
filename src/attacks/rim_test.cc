// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <opencv2/imgproc.hpp>

#include "attacks/rim_distances.h"
#include "attacks/rim_profile.h"
#include "attacks/wallpaper.h"
#include "attacks/wallpaper_difference.h"

namespace peekproof::attacks {
namespace {

TEST(RimDistancesTest, MeasuresFromWallpaperAndOutline) {
  const cv::Size size(80, 40);
  constexpr float kScale = 720.0F / 40.0F;
  const auto wallpaper = Wallpaper::Of(cv::Mat3b(size, cv::Vec3b(100, 100, 100)));
  FrameEvidence evidence;
  evidence.frame.bgr = wallpaper->bgr.clone();
  evidence.frame.bgr(cv::Rect(20, 0, 60, 40)).setTo(cv::Scalar(0, 0, 250));
  evidence.frame.bgr(8, 4) = {0, 0, 0};  // A lone pixel is no rim.
  evidence.caller.values = cv::Mat1f(size, 0.0F);
  evidence.caller.values(cv::Rect(40, 0, 40, 40)).setTo(1);
  cv::Mat1b difference;
  DifferenceToWallpaper(evidence.frame.bgr, wallpaper->bgr, &difference);
  EXPECT_EQ(difference(8, 4), 100);
  EXPECT_EQ(difference(20, 30), 150);
  RimDistances rim;
  rim.Update(evidence.caller, difference, cv::Mat1f(size, 7.0F));
  EXPECT_NEAR(rim.DepthAt(20, 30), 12 * kScale, 2 * kScale);
  EXPECT_EQ(rim.DepthAt(8, 4), 0);
  EXPECT_NEAR(rim.OutlineAt(20, 30), 10 * kScale, 2 * kScale);
  EXPECT_NEAR(rim.OutlineAt(20, 50), -12 * kScale, 2 * kScale);
}

/// A caller of one colour right of column 60, beside him a rim of another, 20 pixels wide, on a grey
/// wallpaper; half as large again as the walk of the profile needs.
struct Stripes {
  cv::Size size{160, 720};
  std::shared_ptr<const Wallpaper> wallpaper = Wallpaper::Of(cv::Mat3b(size, cv::Vec3b(100, 100, 100)));
  FrameEvidence evidence;
  RimDistances rim;
  cv::Mat1b everywhere{size, uchar{1}};

  Stripes() {
    evidence.frame.bgr = wallpaper->bgr.clone();
    evidence.frame.bgr(cv::Rect(60, 0, 20, 720)).setTo(cv::Scalar(100, 132, 100));
    evidence.frame.bgr(cv::Rect(80, 0, 80, 720)).setTo(cv::Scalar(100, 100, 196));
    evidence.caller.values = cv::Mat1f(size, 0.0F);
    evidence.caller.values(cv::Rect(80, 0, 80, 720)).setTo(1);
    evidence.engine_alpha.values = cv::Mat1f(size, 0.0F);
    evidence.engine_alpha.values(cv::Rect(60, 0, 100, 720)).setTo(0.5F);
    cv::Mat1b difference;
    DifferenceToWallpaper(evidence.frame.bgr, wallpaper->bgr, &difference);
    rim.Update(evidence.caller, difference, cv::Mat1f(size, 7.0F));
  }
};

TEST(RimProfileTest, TellsWhatLiesBeside) {
  Stripes stripes;
  RimProfile profile(*stripes.wallpaper);
  profile.Update(stripes.evidence, stripes.rim, stripes.everywhere);
  const float* rim = profile.At(360, 68);
  EXPECT_NEAR(rim[0], 96.0 / 64, 1e-3) << "from the rim's to the caller's colour";
  EXPECT_NEAR(rim[1], 6.0 / 12, 1.1 / 12) << "12 pixels in";
  EXPECT_NEAR(rim[2], 32.0 / 64, 1e-3) << "from the rim to the wallpaper";
  EXPECT_NEAR(rim[3], 5.0 / 12, 1.1 / 12) << "10 pixels out";
  EXPECT_NEAR(rim[5], 96.0 / 64, 1e-3);
  EXPECT_NEAR(rim[6], 32.0 / 64, 1e-3) << "8 pixels in is still the rim";
  EXPECT_EQ(rim[8], 0) << "16 pixels out is the wallpaper";
  EXPECT_EQ(rim[9], 0.5F);
  EXPECT_EQ(rim[11], 0);
  EXPECT_EQ(rim[12], 0);
  EXPECT_GT(rim[14], 0.7F) << "the same difference beside";
  EXPECT_EQ(rim[16], 0) << "no frame before";
  EXPECT_EQ(profile.At(360, 100)[0], 0) << "no edge within the caller";
  EXPECT_EQ(profile.At(360, 100)[12], 1);
}

TEST(RimProfileTest, TellsMotion) {
  Stripes stripes;
  RimProfile profile(*stripes.wallpaper);
  profile.Update(stripes.evidence, stripes.rim, stripes.everywhere);
  stripes.evidence.frame.bgr = stripes.evidence.frame.bgr.clone();
  stripes.evidence.frame.bgr(cv::Rect(60, 0, 20, 360)).setTo(cv::Scalar(100, 164, 100));
  profile.Update(stripes.evidence, stripes.rim, stripes.everywhere);
  EXPECT_NEAR(profile.At(100, 68)[16], 32.0 / 64, 1e-3);
  EXPECT_EQ(profile.At(600, 68)[16], 0);
}

}  // namespace
}  // namespace peekproof::attacks
