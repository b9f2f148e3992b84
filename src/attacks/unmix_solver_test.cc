// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace peekproof::attacks {
namespace {

cv::Vec3b RandomColour(RowRandom* random) {
  const uint64_t bits = random->Next();
  return {static_cast<uchar>(bits), static_cast<uchar>(bits >> 8), static_cast<uchar>(bits >> 16)};
}

cv::Vec3f Difference(cv::Vec3b a, cv::Vec3b b) {
  return {static_cast<float>(a[0] - b[0]), static_cast<float>(a[1] - b[1]), static_cast<float>(a[2] - b[2])};
}

float Largest(const cv::Vec3f& v) { return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])}); }

TEST(JudgeBlockTest, AgreesWithItsSlowTwin) {
  RowRandom random(5, 0, 0);
  for (int round = 0; round < 50; ++round) {
    ObservationBlock block{};
    for (int i = 0; i < ObservationBlock::kSize; ++i) {
      const cv::Vec3b wallpaper = RandomColour(&random);
      const cv::Vec3f offset = Difference(RandomColour(&random), wallpaper);
      const cv::Vec3f caller = Difference(RandomColour(&random), wallpaper);
      const auto scale = static_cast<float>(random.Uniform(0.05, 1.0));
      for (int c = 0; c < 3; ++c) {
        block.wallpaper[c][i] = static_cast<float>(wallpaper[c]);
        block.offset[c][i] = i % 3 == 0 ? scale * caller[c] : scale * offset[c];
        block.caller_offset[c][i] = caller[c];
      }
      block.has_caller[i] = i % 7 == 0 ? 0.0F : 1.0F;
      block.caller_distance[i] = static_cast<float>(random.Uniform(0, 12));
      block.caller[i] = static_cast<float>(random.Uniform());
      block.engine_alpha[i] = static_cast<float>(random.Uniform());
      block.engine_mask[i] = static_cast<float>(random.Uniform());
      block.noise_limit[i] = static_cast<float>(random.Uniform(0, 60));
      block.depth_px[i] = static_cast<float>(random.Uniform(0, 50));
      block.outline_px[i] = static_cast<float>(random.Uniform(-60, 60));
      block.texture_slope[i] = static_cast<float>(random.Uniform(-0.5, 1.5));
      block.texture_strength[i] = static_cast<float>(random.Uniform(0, 80));
    }
    for (const AlphaKind kind : {AlphaKind::kLinear, AlphaKind::kCoverage}) {
      const ObservationNet& net = FittedNets(kind).observation;
      JudgeBlock(net, &block);
      for (int i = 0; i < ObservationBlock::kSize; ++i) {
        const ObservationCues cues = CuesOf(block, i);
        const ObservationBelief belief = JudgeObservation(net, cues);
        EXPECT_NEAR(block.alpha_bound[i], cues.alpha_bound, 1e-5F);
        EXPECT_NEAR(block.room[i], belief.room, 1e-3F);
        EXPECT_NEAR(block.alpha[i], belief.alpha, 1e-3F);
      }
    }
  }
}

TEST(SolvePixelTest, UnblendsWhatWasBlended) {
  RowRandom random(1, 0, 0);
  int solved = 0;
  for (int i = 0; i < 2000; ++i) {
    const cv::Vec3b wallpaper = RandomColour(&random);
    const cv::Vec3f truth = Difference(RandomColour(&random), wallpaper);
    if (Largest(truth) < 20.0F) continue;
    std::vector<Observation> observations;
    for (int k = 0; k < 4; ++k) {
      const auto alpha = static_cast<float>(random.Uniform(0.15, 1.0));
      observations.push_back({alpha * truth, alpha, 0.8F, static_cast<float>(k)});
    }
    const PixelEstimate estimate = SolvePixel(wallpaper, observations, {});
    ASSERT_TRUE(estimate.found);
    EXPECT_LT(Largest(estimate.offset - truth), 0.1F);
    EXPECT_EQ(estimate.support, 4);
    EXPECT_EQ(estimate.first_s, 0.0F);
    EXPECT_EQ(estimate.last_s, 3.0F);
    EXPECT_NEAR(estimate.cues.share, 1.0F, 1e-3F);
    ++solved;
  }
  EXPECT_GT(solved, 1800);
}

TEST(SolvePixelTest, OutvotesACallerWhoMoves) {
  RowRandom random(2, 0, 0);
  int right = 0;
  int all = 0;
  for (int i = 0; i < 1000; ++i) {
    const cv::Vec3b wallpaper = RandomColour(&random);
    const cv::Vec3f truth = Difference(RandomColour(&random), wallpaper);
    if (Largest(truth) < 40.0F) continue;
    std::vector<Observation> observations;
    for (int k = 0; k < 4; ++k) {
      const auto alpha = static_cast<float>(random.Uniform(0.4, 0.9));
      observations.push_back({alpha * truth, alpha, 0.6F, 0.0F});
    }
    for (int k = 0; k < 4; ++k) {
      observations.push_back({Difference(RandomColour(&random), wallpaper), 0.8F, 0.4F, 0.0F});
    }
    ++all;
    right += Largest(SolvePixel(wallpaper, observations, {}).offset - truth) < 12.0F ? 1 : 0;
  }
  EXPECT_GT(right, all * 9 / 10);
}

TEST(SolvePixelTest, StaysWithinTheGamut) {
  RowRandom random(3, 0, 0);
  for (int i = 0; i < 2000; ++i) {
    const cv::Vec3b wallpaper = RandomColour(&random);
    std::vector<Observation> observations;
    for (int k = 0; k < 5; ++k) {
      observations.push_back({Difference(RandomColour(&random), wallpaper),
                              static_cast<float>(random.Uniform(0.03, 1.0)), 0.5F, 0.0F});
    }
    const PixelEstimate estimate = SolvePixel(wallpaper, observations, {});
    for (int c = 0; c < 3; ++c) {
      const float room = static_cast<float>(wallpaper[c]) + estimate.offset[c];
      EXPECT_GE(room, -0.01F);
      EXPECT_LE(room, 255.01F);
    }
    EXPECT_GE(estimate.cues.share, 0.0F);
    EXPECT_LE(estimate.cues.share, 1.001F);
  }
}

TEST(SolvePixelTest, FullCoverageNeedsNoAlpha) {
  const cv::Vec3b wallpaper(40, 200, 90);
  const cv::Vec3f truth(100, -80, 60);
  SolverOptions options;
  options.saturating = true;
  std::vector<Observation> observations;
  for (int k = 0; k < 3; ++k) {
    const cv::Vec3f noise(static_cast<float>(k - 1), static_cast<float>(1 - k), 0.5F);
    observations.push_back({truth + noise, 0.8F, 0.7F, 0.0F});  // Believed 0.8, truly 1.
  }
  EXPECT_LT(Largest(SolvePixel(wallpaper, observations, options).offset - truth), 2.0F);
}

TEST(SolvePixelTest, NothingFromNothing) {
  EXPECT_FALSE(SolvePixel({10, 20, 30}, {}, {}).found);
  const std::vector<Observation> faint = {{{2, 1, 0}, 1.0F, 0.9F, 0.0F}};
  EXPECT_FALSE(SolvePixel({10, 20, 30}, faint, {}).found);
}

}  // namespace
}  // namespace peekproof::attacks
