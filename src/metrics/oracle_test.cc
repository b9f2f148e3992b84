// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/oracle.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "metrics/score.h"

namespace peekproof::metrics {
namespace {

const cv::Size kOracleSize(24, 16);

cv::Mat3b Picture(uint64_t seed) {
  cv::Mat3b picture(kOracleSize);
  for (int y = 0; y < kOracleSize.height; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < kOracleSize.width; ++x) {
      const uint64_t bits = random.Next();
      picture(y, x) = {static_cast<uint8_t>(bits), static_cast<uint8_t>(bits >> 8),
                       static_cast<uint8_t>(bits >> 16)};
    }
  }
  return picture;
}

cv::Mat3b Blend(const cv::Mat3b& room, const cv::Mat3b& wallpaper, const cv::Mat1f& alpha) {
  cv::Mat3b mixed(room.size());
  for (int y = 0; y < room.rows; ++y)
    for (int x = 0; x < room.cols; ++x)
      for (int c = 0; c < 3; ++c)
        mixed(y, x)[c] =
            cv::saturate_cast<uint8_t>(alpha(y, x) * static_cast<float>(room(y, x)[c]) +
                                       (1 - alpha(y, x)) * static_cast<float>(wallpaper(y, x)[c]));
  return mixed;
}

int LargestError(const image::Reconstruction& room, const cv::Mat3b& truth) {
  return static_cast<int>(cv::norm(room.bgr, truth, cv::NORM_INF));
}

TEST(OracleTest, UnblendingABlendGivesTheRoom) {
  const cv::Mat3b room = Picture(1);
  const cv::Mat3b wallpaper = Picture(2);
  for (const float value : {1.0F, 0.5F, 0.2F}) {
    Oracle oracle(kOracleSize);
    const image::AlphaMask alpha{cv::Mat1f(kOracleSize, value)};
    const cv::Mat3b recorded = Blend(room, wallpaper, alpha.values);
    oracle.Add({recorded, wallpaper, alpha, alpha, 0});
    // Rounding to 8 bits is at most half a step, which un-blending divides by alpha.
    EXPECT_LE(LargestError(oracle.Unblended(), room), static_cast<int>(std::ceil(0.5F / value))) << value;
  }
}

TEST(OracleTest, ManyFaintFramesAddUp) {
  const cv::Mat3b room = Picture(3);
  const cv::Mat3b wallpaper = Picture(4);
  Oracle oracle(kOracleSize);
  for (int i = 0; i < 200; ++i) {
    image::AlphaMask alpha{cv::Mat1f(kOracleSize)};
    for (int y = 0; y < kOracleSize.height; ++y) {
      RowRandom random(9, static_cast<uint64_t>(i), static_cast<uint64_t>(y));
      for (int x = 0; x < kOracleSize.width; ++x)
        alpha.values(y, x) = static_cast<float>(random.Uniform(0.05, 0.3));
    }
    const cv::Mat3b recorded = Blend(room, wallpaper, alpha.values);
    oracle.Add({recorded, wallpaper, alpha, alpha, i / 25.0});
  }
  const image::Reconstruction unblended = oracle.Unblended();
  EXPECT_LE(LargestError(unblended, room), 2);
  EXPECT_EQ(unblended.evidence(3, 3), 200);
  EXPECT_FLOAT_EQ(unblended.last_seen_s(3, 3), 199 / 25.0F);
  EXPECT_GT(LargestError(oracle.Copied(), room), 60) << "copies stay blends";
}

TEST(OracleTest, TheOrderOfFramesDoesNotMatter) {
  const cv::Mat3b wallpaper = Picture(2);
  std::vector<cv::Mat3b> recorded;
  std::vector<image::AlphaMask> alphas;
  for (uint64_t i = 0; i < 6; ++i) {
    recorded.push_back(Picture(20 + i));
    alphas.push_back({cv::Mat1f(kOracleSize, 0.1F + 0.12F * static_cast<float>(i))});
  }
  Oracle forwards(kOracleSize);
  Oracle backwards(kOracleSize);
  for (size_t i = 0; i < 6; ++i) {
    const size_t j = 5 - i;
    forwards.Add({recorded[i], wallpaper, alphas[i], alphas[i], 0});
    backwards.Add({recorded[j], wallpaper, alphas[j], alphas[j], 0});
  }
  EXPECT_LE(cv::norm(forwards.Unblended().bgr, backwards.Unblended().bgr, cv::NORM_INF), 1)
      << "rounding of sums";
  EXPECT_EQ(cv::norm(forwards.Copied().bgr, backwards.Copied().bgr, cv::NORM_INF), 0);
}

TEST(OracleTest, CopiesTheStrongestFrame) {
  Oracle oracle(kOracleSize);
  const cv::Mat3b wallpaper = Picture(5);
  for (const float value : {0.3F, 0.9F, 0.6F}) {
    const image::AlphaMask alpha{cv::Mat1f(kOracleSize, value)};
    const cv::Mat3b recorded(kOracleSize, cv::Vec3b::all(static_cast<uint8_t>(100 * value)));
    oracle.Add({recorded, wallpaper, alpha, alpha, 0});
  }
  const image::Reconstruction copied = oracle.Copied();
  EXPECT_EQ(copied.bgr(2, 2), cv::Vec3b::all(90));
  EXPECT_FLOAT_EQ(copied.confidence(2, 2), 0.9F);
}

TEST(OracleTest, LeavesOutWhatNeverLeaked) {
  Oracle oracle(kOracleSize);
  image::AlphaMask leak{cv::Mat1f(kOracleSize, 0.0F)};
  leak.values(4, 4) = 0.5F;
  const image::AlphaMask engine{cv::Mat1f(kOracleSize, 1.0F)};
  oracle.Add({Picture(6), Picture(7), engine, leak, 0});
  EXPECT_EQ(cv::countNonZero(oracle.Unblended().Present()), 1);
  EXPECT_EQ(cv::countNonZero(oracle.Copied().Present()), 1);
}

TEST(OracleTest, IsACeilingOfTheScores) {
  const cv::Mat3b room = Picture(8);
  LeakTruth truth{{cv::Mat1f(kOracleSize, 0.5F)}, room, Picture(9), {}, {}};
  Oracle oracle(kOracleSize);
  const cv::Mat3b recorded = Blend(room, truth.wallpaper, truth.leak.values);
  oracle.Add({recorded, truth.wallpaper, truth.leak, truth.leak, 0});
  const Scores unblended = ScoreReconstruction(oracle.Unblended(), truth);
  EXPECT_EQ(unblended.at_4.recall, 1);
  const Scores copied = ScoreReconstruction(oracle.Copied(), truth);
  EXPECT_LT(copied.at_4.recall, 0.1);
  EXPECT_EQ(copied.legacy.painted, 1) << "the legacy score asks for the blend";
  EXPECT_GT(oracle.Unblended(3).confidence(0, 0), oracle.Unblended(12).confidence(0, 0));
}

}  // namespace
}  // namespace peekproof::metrics
