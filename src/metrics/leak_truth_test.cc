// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/leak_truth.h"

#include <gtest/gtest.h>

namespace peekproof::metrics {
namespace {

LeakTruth FourPixels() {
  LeakTruth truth;
  truth.leak.values = (cv::Mat1f(1, 5) << 0.0F, 0.25F, 0.9985F, 1.0F, 0.5F);
  truth.environment = (cv::Mat1b(1, 5) << 255, 255, 255, 255, 0);
  return truth;
}

TEST(LeakAreaTest, CountsFullPartialAndWeighted) {
  const LeakArea area = MeasureLeakArea(FourPixels());
  EXPECT_EQ(area.frame_px, 5);
  EXPECT_EQ(area.environment_px, 4);
  EXPECT_EQ(area.full_px, 1);
  EXPECT_EQ(area.partial_px, 3);
  EXPECT_NEAR(area.weighted_px, 2.2485, 1e-6);
  EXPECT_EQ(area.outside_px, 1);
  EXPECT_DOUBLE_EQ(area.full_of_environment(), 0.25);
  EXPECT_DOUBLE_EQ(area.partial_of_environment(), 0.75);
  EXPECT_DOUBLE_EQ(area.full_of_frame(), 0.2);
  EXPECT_DOUBLE_EQ(area.partial_of_frame(), 0.6);
  EXPECT_NEAR(area.weighted_of_frame(), 2.2485 / 5, 1e-6);
  EXPECT_NEAR(area.weighted_of_environment(), 2.2485 / 4, 1e-6);
}

TEST(LeakAreaTest, WithoutAnEnvironmentTheFrameIsIt) {
  LeakTruth truth = FourPixels();
  truth.environment = cv::Mat1b();
  const LeakArea area = MeasureLeakArea(truth);
  EXPECT_EQ(area.environment_px, 5);
  EXPECT_EQ(area.outside_px, 0);
  EXPECT_EQ(area.partial_px, 4);
}

TEST(LeakAreaTest, EmptyTruthHasNoShares) {
  const LeakArea area = MeasureLeakArea({});
  EXPECT_EQ(area.frame_px, 0);
  EXPECT_EQ(area.full_of_environment(), 0.0);
  EXPECT_EQ(area.weighted_of_frame(), 0.0);
}

}  // namespace
}  // namespace peekproof::metrics
