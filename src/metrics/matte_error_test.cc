// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/matte_error.h"

#include <gtest/gtest.h>

namespace peekproof::metrics {
namespace {

/// A bar of alpha 1 over columns [from, to).
image::AlphaMask Bar(int from, int to) {
  cv::Mat1f alpha(20, 60, 0.0F);
  alpha.colRange(from, to) = 1.0F;
  return {alpha};
}

TEST(MatteErrorTest, TheTrueMatteHasNoError) {
  MatteErrorMeter meter;
  meter.Add(Bar(20, 40), Bar(20, 40));
  meter.Add(Bar(25, 45), Bar(25, 45));
  const MatteError& error = meter.result();
  EXPECT_EQ(error.frames, 2);
  EXPECT_DOUBLE_EQ(error.caller_px, 800);
  EXPECT_DOUBLE_EQ(error.lost_share(), 0);
  EXPECT_DOUBLE_EQ(error.extra_share(), 0);
  EXPECT_DOUBLE_EQ(error.gradient_error(), 0);
  EXPECT_DOUBLE_EQ(error.flicker(), 0);
}

TEST(MatteErrorTest, LostAndExtraAreToldApart) {
  MatteErrorMeter meter;
  meter.Add(Bar(20, 40), Bar(23, 41));
  const MatteError& error = meter.result();
  EXPECT_DOUBLE_EQ(error.lost_px, 3 * 20);
  EXPECT_DOUBLE_EQ(error.extra_px, 1 * 20);
  EXPECT_DOUBLE_EQ(error.lost_share(), 3.0 / 20);
  EXPECT_DOUBLE_EQ(error.extra_share(), 1.0 / 20);
  EXPECT_DOUBLE_EQ(error.sad(), 0.08);
  EXPECT_GT(error.gradient_error(), 0);
}

TEST(MatteErrorTest, ASteadyErrorDoesNotFlicker) {
  MatteErrorMeter steady;
  MatteErrorMeter jumping;
  for (int i = 0; i < 4; ++i) {
    steady.Add(Bar(20, 40), Bar(22, 40));
    jumping.Add(Bar(20, 40), i % 2 == 0 ? Bar(22, 40) : Bar(18, 40));
  }
  EXPECT_DOUBLE_EQ(steady.result().flicker(), 0);
  EXPECT_DOUBLE_EQ(jumping.result().flicker(), 0.001 * 4 * 20);
}

TEST(MatteErrorTest, ASoftEdgeIsAGradientErrorOfAHardOne) {
  image::AlphaMask soft = Bar(20, 40);
  soft.values.col(19) = 0.5F;
  soft.values.col(20) = 0.5F;
  MatteErrorMeter meter;
  meter.Add(Bar(20, 40), soft);
  MatteErrorMeter moved;
  moved.Add(Bar(20, 40), Bar(23, 40));
  EXPECT_GT(meter.result().gradient_error(), 0);
  EXPECT_GT(moved.result().gradient_error(), meter.result().gradient_error());
}

TEST(MatteErrorTest, NothingAddedIsNoError) {
  const MatteError error;
  EXPECT_EQ(error.lost_share(), 0);
  EXPECT_EQ(error.sad(), 0);
  EXPECT_EQ(error.flicker(), 0);
}

}  // namespace
}  // namespace peekproof::metrics
