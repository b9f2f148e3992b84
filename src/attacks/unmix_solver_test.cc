// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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
      block.support[i] = static_cast<float>(random.Uniform());
      block.known[i] = i % 2 == 0 ? 1.0F : 0.0F;
      for (auto& cue : block.profile) cue[i] = static_cast<float>(random.Uniform(-1, 2));
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

constexpr float kLeast = 0.003F;

MixtureSums SumsOf(const std::vector<Observation>& observations) {
  MixtureSums sums;
  for (const Observation& observation : observations) sums.Add(observation);
  return sums;
}

TEST(SolvePixelTest, UnblendsWhatWasBlended) {
  RowRandom random(1, 0, 0);
  for (int i = 0; i < 2000; ++i) {
    const cv::Vec3b wallpaper = RandomColour(&random);
    const cv::Vec3f truth = Difference(RandomColour(&random), wallpaper);
    std::vector<Observation> observations;
    for (uint16_t k = 0; k < 4; ++k) {
      const auto alpha = static_cast<float>(random.Uniform(0.15, 1.0));
      observations.push_back({alpha * truth, alpha, 0.8F, static_cast<uint16_t>(3 + k)});
    }
    const MixtureSums sums = SumsOf(observations);
    const PixelEstimate estimate = SolvePixel(wallpaper, sums, {truth, 1}, kLeast);
    ASSERT_TRUE(estimate.found);
    EXPECT_LT(Largest(estimate.offset - truth), 0.1F);
    EXPECT_LT(estimate.cues.misfit, 0.1F);
    EXPECT_LT(estimate.cues.apart, 0.1F);
    EXPECT_NEAR(estimate.cues.room, 0.8F, 1e-4F);
    EXPECT_NEAR(estimate.cues.span_s, 0.3F, 1e-4F);
    EXPECT_EQ(sums.frames, 4);
    EXPECT_EQ(sums.first, 3);
    EXPECT_EQ(sums.last, 6);
  }
}

// The residual of a least-squares line through the origin, worked out frame by frame.
TEST(SolvePixelTest, MisfitIsWhatTheFitLeaves) {
  RowRandom random(7, 0, 0);
  for (int i = 0; i < 200; ++i) {
    std::vector<Observation> observations;
    cv::Vec3d product(0, 0, 0);
    double squares = 0;
    double weights = 0;
    for (int k = 0; k < 12; ++k) {
      const cv::Vec3f offset = Difference(RandomColour(&random), {128, 128, 128}) * 0.2F;
      const Observation o{offset, static_cast<float>(random.Uniform(0.1, 1)),
                          static_cast<float>(random.Uniform(0.1, 1)), 0};
      observations.push_back(o);
      const double w = static_cast<double>(o.room) * o.room;
      for (int c = 0; c < 3; ++c) product[c] += w * static_cast<double>(o.alpha * o.offset[c]);
      squares += w * static_cast<double>(o.alpha * o.alpha);
      weights += w;
    }
    double left = 0;
    for (const Observation& o : observations) {
      for (int c = 0; c < 3; ++c) {
        const double off =
            static_cast<double>(o.offset[c]) - static_cast<double>(o.alpha) * product[c] / squares;
        left += static_cast<double>(o.room) * o.room * off * off;
      }
    }
    const PixelEstimate estimate = SolvePixel({128, 128, 128}, SumsOf(observations), {}, kLeast);
    EXPECT_NEAR(static_cast<double>(estimate.cues.misfit), std::sqrt(left / (3 * weights)), 0.05);
  }
}

TEST(SolvePixelTest, AveragesNoiseAway) {
  RowRandom random(4, 0, 0);
  const cv::Vec3b wallpaper(120, 110, 100);
  const cv::Vec3f truth(60, -40, 20);
  double error_of_few = 0;
  double error_of_many = 0;
  for (int i = 0; i < 200; ++i) {
    MixtureSums sums;
    for (int k = 0; k < 400; ++k) {
      Observation o{0.1F * truth, 0.1F, 1.0F, 0};
      for (int c = 0; c < 3; ++c) o.offset[c] += static_cast<float>(3 * random.Normal());
      sums.Add(o);
      const float error = Largest(SolvePixel(wallpaper, sums, {}, kLeast).offset - truth);
      if (k == 15) error_of_few += static_cast<double>(error) / 200;
      if (k == 399) error_of_many += static_cast<double>(error) / 200;
    }
  }
  EXPECT_LT(error_of_many, 15) << "20 times below one frame's noise, 30 in the room's colour";
  EXPECT_GT(error_of_few, error_of_many);
}

TEST(SolvePixelTest, ASeldomBelievedCallerHardlyCounts) {
  RowRandom random(2, 0, 0);
  int right = 0;
  int all = 0;
  for (int i = 0; i < 1000; ++i) {
    const cv::Vec3b wallpaper = RandomColour(&random);
    const cv::Vec3f truth = Difference(RandomColour(&random), wallpaper);
    std::vector<Observation> observations;
    for (int k = 0; k < 8; ++k) {
      const auto alpha = static_cast<float>(random.Uniform(0.4, 0.9));
      observations.push_back({alpha * truth, alpha, 0.8F, 0});
      observations.push_back({Difference(RandomColour(&random), wallpaper), 0.8F, 0.15F, 0});
    }
    ++all;
    right += Largest(SolvePixel(wallpaper, SumsOf(observations), {truth, 1}, kLeast).offset - truth) < 12.0F
                 ? 1
                 : 0;
  }
  EXPECT_GT(right, all * 8 / 10);
}

TEST(MixtureSumsTest, RebasingEqualsHavingKnown) {
  RowRandom random(6, 0, 0);
  for (int i = 0; i < 200; ++i) {
    const cv::Vec3f shift = Difference(RandomColour(&random), RandomColour(&random)) * 0.2F;
    MixtureSums rebased;
    MixtureSums known;
    for (int k = 0; k < 30; ++k) {
      Observation o{Difference(RandomColour(&random), {128, 128, 128}),
                    static_cast<float>(random.Uniform(0.1, 1)), static_cast<float>(random.Uniform(0.1, 1)),
                    0};
      rebased.Add(o);
      o.offset -= shift;
      known.Add(o);
    }
    rebased.Rebase(shift);
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(rebased.offset[c], known.offset[c], 0.02F);
      EXPECT_NEAR(rebased.plain[c], known.plain[c], 0.02F);
    }
    EXPECT_NEAR(rebased.offset2 / known.offset2, 1.0F, 1e-3F);
  }
}

TEST(SolvePixelTest, SurroundingsDecideWhereThePixelHardlyLeaked) {
  const cv::Vec3b wallpaper(100, 100, 100);
  const cv::Vec3f own(80, 80, 80);
  const cv::Vec3f beside(0, 40, 0);
  MixtureSums faint;
  faint.Add({0.1F * own, 0.1F, 1.0F, 0});
  EXPECT_LT(Largest(SolvePixel(wallpaper, faint, {beside, 1}, kLeast).offset - beside), 3.0F);
  MixtureSums strong;
  for (int k = 0; k < 50; ++k) strong.Add({own, 1.0F, 1.0F, 0});
  EXPECT_LT(Largest(SolvePixel(wallpaper, strong, {beside, 1}, kLeast).offset - own), 3.0F);
}

TEST(SolvePixelTest, StaysWithinTheGamut) {
  RowRandom random(3, 0, 0);
  int extreme = 0;
  for (int i = 0; i < 2000; ++i) {
    const cv::Vec3b wallpaper = RandomColour(&random);
    std::vector<Observation> observations;
    for (int k = 0; k < 5; ++k) {
      observations.push_back({Difference(RandomColour(&random), wallpaper),
                              static_cast<float>(random.Uniform(0.03, 0.3)), 0.5F, 0});
    }
    const PixelEstimate estimate = SolvePixel(wallpaper, SumsOf(observations), {}, kLeast);
    for (int c = 0; c < 3; ++c) {
      const float room = static_cast<float>(wallpaper[c]) + estimate.offset[c];
      EXPECT_GE(room, -0.01F);
      EXPECT_LE(room, 255.01F);
    }
    extreme += estimate.cues.extreme > 0 ? 1 : 0;
  }
  EXPECT_GT(extreme, 100) << "colours that do not exist are told";
}

TEST(SolvePixelTest, NothingFromNothing) {
  EXPECT_FALSE(SolvePixel({10, 20, 30}, {}, {{5, 5, 5}, 10}, kLeast).found) << "nor from its surroundings";
  MixtureSums sums;
  sums.Add({{20, 10, 0}, 0.05F, 0.9F, 0});
  EXPECT_FALSE(SolvePixel({10, 20, 30}, sums, {}, kLeast).found);
  EXPECT_TRUE(SolvePixel({10, 20, 30}, sums, {}, 0.002F).found);
}

}  // namespace
}  // namespace peekproof::attacks
