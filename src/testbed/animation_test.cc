// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/animation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

TEST(PoseAt, IsAFunctionOfSeedAndTime) {
  const MotionOptions options;
  EXPECT_EQ(AsArray(PoseAt(options, 3, 4.2)), AsArray(PoseAt(options, 3, 4.2)));
  EXPECT_NE(AsArray(PoseAt(options, 3, 4.2)), AsArray(PoseAt(options, 4, 4.2)));
}

TEST(PoseAt, IsContinuous) {
  constexpr double kStep = 1e-4;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const MotionOptions options;
    PoseArray before = AsArray(PoseAt(options, seed, 0));
    for (int i = 1; i < 250000; ++i) {
      const PoseArray now = AsArray(PoseAt(options, seed, i * kStep));
      for (size_t k = 0; k < now.size(); ++k)
        ASSERT_LT(std::abs(now[k] - before[k]), 0.006F) << "value " << k << " at " << i * kStep << " s";
      before = now;
    }
  }
}

TEST(PoseAt, StaysInTheCheckedFraming) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const MotionOptions options;
    for (int i = 0; i < 1500; ++i) {
      const double t = i * 0.04;
      const CallerPose pose = PoseAt(options, seed, t);
      ASSERT_LE(std::abs(pose.x), 0.14F);
      ASSERT_TRUE(pose.y >= -0.04F && pose.y <= 0.0F) << pose.y;
      ASSERT_TRUE(pose.distance >= 0.56F && pose.distance <= 1.25F) << pose.distance;
      ASSERT_TRUE(pose.mouth >= 0 && pose.mouth <= 1 && pose.blink >= 0 && pose.blink <= 1);
      ASSERT_LE(std::abs(pose.head_yaw), 0.6F);
    }
  }
}

TEST(PoseAt, IsLively) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const MotionOptions options;
    float least_x = 1, most_x = -1, most_raise = 0, most_mouth = 0, most_blink = 0;
    for (int i = 0; i < 700; ++i) {
      const double t = i * 0.02;
      const CallerPose pose = PoseAt(options, seed, t);
      least_x = std::min(least_x, pose.x);
      most_x = std::max(most_x, pose.x);
      most_raise = std::max({most_raise, pose.arm_raise[0], pose.arm_raise[1]});
      most_mouth = std::max(most_mouth, pose.mouth);
      most_blink = std::max(most_blink, pose.blink);
    }
    EXPECT_GT(most_x - least_x, 0.06F) << "moves sideways, seed " << seed;
    EXPECT_GT(most_raise, 0.99F);
    EXPECT_GT(most_mouth, 0.5F);
    EXPECT_GT(most_blink, 0.9F);
  }
}

}  // namespace
}  // namespace peekproof::testbed
