// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/leak_truth.h"

#include <gtest/gtest.h>

namespace peekproof::testbed {
namespace {

/// 20 x 10 pixels; the caller fills columns 0 to 7, and half of column 8.
image::AlphaMask HalfCaller() {
  image::AlphaMask caller{cv::Mat1f(10, 20, 0.0F)};
  caller.values(cv::Rect(0, 0, 8, 10)).setTo(1.0F);
  caller.values.col(8).setTo(0.5F);
  return caller;
}

image::AlphaMask Everywhere(float alpha) { return {cv::Mat1f(10, 20, alpha)}; }

TEST(LeakTruth, KeepsTheEdgeApart) {
  LeakTruth truth({20, 10});
  const FrameLeak leak = truth.Add(HalfCaller(), Everywhere(0.25F), false);
  // Column 8 mixes, 9 and 10 are within two pixels of it.
  EXPECT_EQ(leak.edge_px, 30);
  EXPECT_EQ(leak.room_px, 90);
  EXPECT_EQ(leak.full_px, 0);
  EXPECT_EQ(leak.partial_px, 90);
  EXPECT_NEAR(leak.weighted_px, 22.5, 1e-9);
  EXPECT_EQ(truth.leak_alpha()(5, 10), 0.0F);
  EXPECT_EQ(truth.leak_alpha()(5, 11), 0.25F);
  EXPECT_EQ(cv::countNonZero(truth.uncovered()), 90);
  EXPECT_EQ(cv::countNonZero(truth.always_caller()), 80);
}

TEST(LeakTruth, TakesTheHighestOverTime) {
  LeakTruth truth({20, 10});
  truth.Add(HalfCaller(), Everywhere(0.25F), false);
  truth.Add(HalfCaller(), Everywhere(0.75F), false);
  truth.Add(HalfCaller(), Everywhere(0.5F), false);
  EXPECT_EQ(truth.leak_alpha()(5, 15), 0.75F);
  EXPECT_EQ(truth.leak_alpha()(5, 2), 0.0F) << "the caller is no leak";
}

TEST(LeakTruth, CountsFullAndPartialAsEightBitsWould) {
  LeakTruth truth({20, 10});
  const image::AlphaMask nobody = Everywhere(0);
  EXPECT_EQ(truth.Add(nobody, Everywhere(0.4F / 255), false).partial_px, 0);
  EXPECT_EQ(truth.Add(nobody, Everywhere(0.6F / 255), false).partial_px, 200);
  EXPECT_EQ(truth.Add(nobody, Everywhere(254.4F / 255), false).full_px, 0);
  EXPECT_EQ(truth.Add(nobody, Everywhere(254.6F / 255), false).full_px, 200);
}

TEST(LeakTruth, RawFramesUncoverButAreNoLeakOfTheEngine) {
  LeakTruth truth({20, 10});
  const FrameLeak leak = truth.Add(HalfCaller(), Everywhere(0), true);
  EXPECT_EQ(leak.full_px, 90);
  EXPECT_EQ(cv::countNonZero(truth.leak_alpha()), 0);
  EXPECT_EQ(cv::countNonZero(truth.uncovered()), 90);
}

}  // namespace
}  // namespace peekproof::testbed
