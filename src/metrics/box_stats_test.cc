// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/box_stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peekproof::metrics {
namespace {

TEST(BoxStatsTest, AgreesWithAHandComputedCase) {
  // Sorted: 1 2 3 4 5 6 7 8 30; quartiles 3 and 7, reach 6: whiskers at 1 and 8.
  const BoxStats stats = BoxStatsOf({7, 30, 1, 5, 3, 2, 8, 6, 4});
  EXPECT_EQ(stats.count, 9);
  EXPECT_DOUBLE_EQ(stats.mean, 66.0 / 9);
  EXPECT_DOUBLE_EQ(stats.median, 5);
  EXPECT_DOUBLE_EQ(stats.lower_quartile, 3);
  EXPECT_DOUBLE_EQ(stats.upper_quartile, 7);
  EXPECT_DOUBLE_EQ(stats.lower_whisker, 1);
  EXPECT_DOUBLE_EQ(stats.upper_whisker, 8);
  EXPECT_DOUBLE_EQ(stats.least, 1);
  EXPECT_DOUBLE_EQ(stats.largest, 30);
  EXPECT_THAT(stats.outliers, testing::ElementsAre(30));
}

TEST(BoxStatsTest, InterpolatesQuartiles) {
  // R: quantile(c(1, 2, 3, 4)) gives 1.00 1.75 2.50 3.25 4.00.
  const BoxStats stats = BoxStatsOf({4, 2, 1, 3});
  EXPECT_DOUBLE_EQ(stats.lower_quartile, 1.75);
  EXPECT_DOUBLE_EQ(stats.median, 2.5);
  EXPECT_DOUBLE_EQ(stats.upper_quartile, 3.25);
}

TEST(BoxStatsTest, OneValueIsItsOwnBox) {
  const BoxStats stats = BoxStatsOf({0.25});
  EXPECT_EQ(stats.median, 0.25);
  EXPECT_EQ(stats.lower_whisker, 0.25);
  EXPECT_EQ(stats.upper_whisker, 0.25);
  EXPECT_TRUE(stats.outliers.empty());
}

TEST(BoxStatsTest, NothingHasNoBox) {
  EXPECT_EQ(BoxStatsOf({}).count, 0);
  EXPECT_EQ(BoxStatsOf({}).median, 0);
}

}  // namespace
}  // namespace peekproof::metrics
