// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engines/defended_profile.h"
#include "engines/noisy_background.h"
#include "engines/testing.h"
#include "engines/testing_profiles.h"

namespace peekproof::engines {
namespace {

using ::testing::HasSubstr;

/// Bright (the caller, to BrightnessSegmenter) from column 160 on.
image::Frame HalfBright() {
  cv::Mat3b bgr(180, 320, cv::Vec3b(0, 0, 0));
  bgr.colRange(160, 320) = cv::Vec3b(255, 255, 255);
  return {bgr, 0, 0};
}

cv::Mat1f AlphaOf(const std::string& spec) {
  Composite shown;
  const cv::Mat3b wallpaper(180, 320, cv::Vec3b(90, 60, 30));
  EXPECT_TRUE(EngineFor(spec)->Process(HalfBright(), wallpaper, &shown).ok()) << spec;
  return shown.alpha.values;
}

/// First column of the middle row that shows any of the camera.
int FirstShown(const cv::Mat1f& alpha) {
  for (int x = 0; x < alpha.cols; ++x)
    if (alpha(90, x) > 0) return x;
  return alpha.cols;
}

TEST(DefensesTest, ChokeMovesTheEdgeByItsPixels) {
  const int plain = FirstShown(AlphaOf("mediapipe"));
  EXPECT_EQ(FirstShown(AlphaOf("mediapipe(defend_choke=4)")), plain + 4);
  EXPECT_EQ(FirstShown(AlphaOf("mediapipe(defend_choke=0)")), plain);
}

TEST(DefensesTest, ClipHidesFaintPixelsAndLeavesTheOthers) {
  const cv::Mat1f plain = AlphaOf("mediapipe");
  const cv::Mat1f clipped = AlphaOf("mediapipe(defend_clip=0.5)");
  int hidden = 0;
  for (int x = 0; x < plain.cols; ++x) {
    const float alpha = plain(90, x);
    EXPECT_EQ(clipped(90, x), alpha <= 0.5F ? 0.0F : alpha) << x;
    hidden += alpha > 0 && alpha <= 0.5F ? 1 : 0;
  }
  EXPECT_GT(hidden, 0);
}

TEST(DefensesTest, MattingSteepensTheEdgeWhereThePictureHasIts) {
  const auto step = [](const cv::Mat1f& alpha) { return alpha(90, 160) - alpha(90, 159); };
  EXPECT_GT(step(AlphaOf("jitsi(defend_matting=yes)")), 3 * step(AlphaOf("jitsi")));
  const cv::Mat1f alpha = AlphaOf("jitsi(defend_matting=yes)");
  EXPECT_EQ(alpha(90, 100), 0);
  EXPECT_EQ(alpha(90, 220), 1);
}

TEST(DefensesTest, EveryServiceTakesThemAndTheGuardHasItsOwn) {
  for (const EngineInfo& info : ListEngines()) {
    const auto made =
        MakeEngine(info.name + "(defend_choke=2,defend_clip=0.1,defend_matting=yes)", MakeBrightness);
    EXPECT_EQ(made.ok(), info.name != "guard") << info.name;
  }
  EXPECT_THAT(MakeEngine("meet(defend_choke=900)", MakeBrightness).error().message,
              HasSubstr("defend_choke"));
  EXPECT_THAT(MakeEngine("meet(defend_magic=1)", MakeBrightness).error().message, HasSubstr("defend_magic"));
}

TEST(NoisyBackgroundTest, MovesEveryPixelOfEveryFrameAnewWithinItsAmplitude) {
  const auto noisy = MakeNoisyBackground(MakeColourBackground({100, 2, 200}), 6, 3);
  const cv::Mat1b caller(40, 60, uint8_t{0});
  const image::Frame first{cv::Mat3b(40, 60), 0, 0};
  const image::Frame second{cv::Mat3b(40, 60), 1, 0.04};
  const cv::Mat3b one = (*noisy->Draw({first, caller}).value()).clone();
  const cv::Mat3b two = (*noisy->Draw({second, caller}).value()).clone();
  const cv::Mat3b again = *noisy->Draw({first, caller}).value();
  EXPECT_EQ(cv::norm(one, again, cv::NORM_INF), 0);
  EXPECT_GT(ShareBeyond(one, two, 0), 0.8);
  std::set<int> blues;
  for (const cv::Vec3b& pixel : one) {
    blues.insert(pixel[0]);
    EXPECT_NEAR(pixel[0], 100, 6);
    EXPECT_LE(pixel[1], 8);
  }
  EXPECT_EQ(blues.size(), 13U);
}

TEST(NoisyBackgroundTest, WithoutAmplitudeItIsThePicture) {
  const auto noisy = MakeNoisyBackground(MakeColourBackground({100, 2, 200}), 0, 3);
  const cv::Mat1b caller(4, 6, uint8_t{0});
  const image::Frame frame{cv::Mat3b(4, 6), 0, 0};
  EXPECT_EQ(
      cv::norm(*noisy->Draw({frame, caller}).value(), cv::Mat3b(4, 6, cv::Vec3b(100, 2, 200)), cv::NORM_INF),
      0);
}

}  // namespace
}  // namespace peekproof::engines
