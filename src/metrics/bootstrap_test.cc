// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace peekproof::metrics {
namespace {

std::vector<double> NormalSample(uint64_t seed, int count, double mean) {
  RowRandom random(seed, 1, 2);
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(mean + random.Normal());
  return values;
}

TEST(BootstrapTest, OneValueHasNoSpread) {
  const SampleSummary summary = Summarise({0.25});
  EXPECT_EQ(summary.mean, 0.25);
  EXPECT_EQ(summary.median, 0.25);
  EXPECT_EQ(summary.mean_interval.low, 0.25);
  EXPECT_EQ(summary.mean_interval.high, 0.25);
  EXPECT_EQ(Summarise({}).count, 0);
}

TEST(BootstrapTest, TwoValuesSpanTheirMeans) {
  // A resample of {0, 1} has the mean 0, 1/2 or 1, with probability 1/4, 1/2, 1/4.
  const SampleSummary summary = Summarise({0, 1});
  EXPECT_EQ(summary.mean, 0.5);
  EXPECT_EQ(summary.mean_interval.low, 0);
  EXPECT_EQ(summary.mean_interval.high, 1);
}

TEST(BootstrapTest, TheIntervalHasTheWidthOfTheStandardError) {
  const SampleSummary summary = Summarise(NormalSample(3, 200, 5));
  const double width = summary.mean_interval.high - summary.mean_interval.low;
  EXPECT_NEAR(width, 2 * 1.96 / std::sqrt(200.0), 0.05);
}

TEST(BootstrapTest, TheIntervalHoldsTheTruthAboutAsOftenAsItSays) {
  int held = 0;
  constexpr int kTrials = 200;
  for (int trial = 0; trial < kTrials; ++trial) {
    const SampleSummary summary =
        Summarise(NormalSample(100 + static_cast<uint64_t>(trial), 30, 1), {.resamples = 300, .seed = 4});
    held += summary.mean_interval.low <= 1 && 1 <= summary.mean_interval.high ? 1 : 0;
  }
  // 95 % less what the percentile method is short of at 30 clips; two-sided.
  EXPECT_GT(held, 0.87 * kTrials);
  EXPECT_LT(held, 0.99 * kTrials);
}

TEST(BootstrapTest, PairsSeeSmallDifferencesBehindLargeSpread) {
  std::vector<double> first = NormalSample(7, 40, 0);
  std::vector<double> second = first;
  RowRandom random(8, 0, 0);
  for (double& value : second) value -= 0.05 + 0.02 * random.Normal();
  const PairedSummary paired = ComparePaired(first, second);
  EXPECT_NEAR(paired.difference.mean, 0.05, 0.01);
  EXPECT_GT(paired.difference.mean_interval.low, 0.03);
  EXPECT_EQ(paired.first_better, 1);
  EXPECT_GT(Summarise(first).mean_interval.high, Summarise(second).mean_interval.low)
      << "unpaired they cannot be told apart";
  EXPECT_EQ(ComparePaired(second, first).first_better, 0);
  EXPECT_EQ(ComparePaired(first, first).first_better, 0.5);
}

TEST(BootstrapTest, RatiosAreOfMeansAndPaired) {
  const RatioSummary twice = ComparePairedRatio({0.2, 0.4, 0.9}, {0.1, 0.2, 0.45});
  EXPECT_DOUBLE_EQ(twice.ratio, 2);
  EXPECT_NEAR(twice.interval.low, 2, 1e-12) << "every clip has the same ratio";
  EXPECT_NEAR(twice.interval.high, 2, 1e-12);
  const RatioSummary mixed = ComparePairedRatio({0.3, 0.5}, {0.1, 0.4});
  EXPECT_DOUBLE_EQ(mixed.ratio, 1.6) << "of means: 0.8 / 0.5";
  EXPECT_NEAR(mixed.interval.low, 1.25, 1e-12) << "a resample of the second clip alone";
  EXPECT_NEAR(mixed.interval.high, 3, 1e-12) << "and of the first";
  EXPECT_TRUE(std::isnan(ComparePairedRatio({1}, {0}).ratio));
  EXPECT_TRUE(std::isnan(ComparePairedRatio({}, {}).interval.low));
}

TEST(BootstrapTest, IsAFunctionOfTheSeed) {
  const std::vector<double> values = NormalSample(9, 20, 0);
  EXPECT_EQ(Summarise(values).mean_interval.low, Summarise(values).mean_interval.low);
  EXPECT_NE(Summarise(values).mean_interval.low, Summarise(values, {.seed = 2}).mean_interval.low);
}

}  // namespace
}  // namespace peekproof::metrics
