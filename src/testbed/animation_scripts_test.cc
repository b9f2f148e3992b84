// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "testbed/animation.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

MotionOptions OptionsOf(MotionScript script) {
  MotionOptions options;
  options.script = script;
  return options;
}

struct Extent {
  float least = 1e9F;
  float most = -1e9F;
  float spread() const { return most - least; }
};

/// Least and greatest value over 30 s of one seed.
Extent Over(const MotionOptions& options, uint64_t seed,
            const std::function<float(const CallerPose&)>& value) {
  Extent extent;
  for (int i = 0; i < 1500; ++i) {
    const float v = value(PoseAt(options, seed, i * 0.02));
    extent.least = std::min(extent.least, v);
    extent.most = std::max(extent.most, v);
  }
  return extent;
}

class Scripts : public testing::TestWithParam<MotionScript> {};

TEST_P(Scripts, AreFunctionsOfSeedAndTime) {
  const MotionOptions options = OptionsOf(GetParam());
  EXPECT_EQ(AsArray(PoseAt(options, 3, 4.2)), AsArray(PoseAt(options, 3, 4.2)));
  if (GetParam() == MotionScript::kNone) return;
  EXPECT_NE(AsArray(PoseAt(options, 3, 4.2)), AsArray(PoseAt(options, 4, 4.2)));
}

TEST_P(Scripts, AreContinuous) {
  const MotionOptions options = OptionsOf(GetParam());
  constexpr double kStep = 2e-4;
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    PoseArray before = AsArray(PoseAt(options, seed, 0));
    for (int i = 1; i < 90000; ++i) {
      const PoseArray now = AsArray(PoseAt(options, seed, i * kStep));
      for (size_t k = 0; k < now.size(); ++k)
        ASSERT_LT(std::abs(now[k] - before[k]), 0.012F) << "value " << k << " at " << i * kStep << " s";
      before = now;
    }
  }
}

TEST_P(Scripts, StayInTheDocumentedRanges) {
  for (const float distance : {0.62F, 0.82F, 1.12F}) {
    MotionOptions options = OptionsOf(GetParam());
    options.distance_m = distance;
    for (uint64_t seed = 1; seed <= 4; ++seed)
      for (int i = 0; i < 900; ++i) {
        const CallerPose pose = PoseAt(options, seed, i * 0.033);
        ASSERT_TRUE(pose.y >= -0.04F && pose.y <= 0.45F) << pose.y;
        // The lean in and out of the natural motion may reach a little under 0.56.
        ASSERT_TRUE(pose.distance >= 0.555F && pose.distance <= 1.35F) << pose.distance;
        ASSERT_TRUE(pose.mouth >= 0 && pose.mouth <= 1 && pose.blink >= 0 && pose.blink <= 1);
        for (int arm = 0; arm < 2; ++arm) {
          ASSERT_TRUE(pose.arm_raise[arm] >= -1 && pose.arm_raise[arm] <= 1);
          ASSERT_TRUE(pose.stretch[arm] >= 0 && pose.stretch[arm] <= 1);
          ASSERT_LE(std::abs(pose.wave[arm]), pose.stretch[arm] > 0 ? 1.0F : 0.4F);
        }
      }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Scripts,
                         testing::Values(MotionScript::kNone, MotionScript::kNatural, MotionScript::kWalk,
                                         MotionScript::kInterview, MotionScript::kStandUp,
                                         MotionScript::kWaveArm, MotionScript::kWaveHand,
                                         MotionScript::kTiltHead, MotionScript::kTurnHead));

TEST(SecondPersonPoseAt, IsContinuousAndBehindTheCaller) {
  for (const SecondPersonMotion motion : {SecondPersonMotion::kBeside, SecondPersonMotion::kPassing}) {
    PoseArray before = AsArray(SecondPersonPoseAt(motion, 2, 0));
    for (int i = 1; i < 60000; ++i) {
      const CallerPose pose = SecondPersonPoseAt(motion, 2, i * 5e-4);
      ASSERT_TRUE(pose.distance >= 1.25F && pose.distance <= 2.0F) << pose.distance;
      const PoseArray now = AsArray(pose);
      for (size_t k = 0; k < now.size(); ++k)
        ASSERT_LT(std::abs(now[k] - before[k]), 0.03F) << "value " << k << " at " << i * 5e-4 << " s";
      before = now;
    }
  }
}

TEST(PoseAt, NoneSitsStill) {
  const MotionOptions options = OptionsOf(MotionScript::kNone);
  EXPECT_EQ(AsArray(PoseAt(options, 1, 0)), AsArray(PoseAt(options, 1, 123.4)));
}

/// Rows of a 160 x 90 picture that show the caller, and how much of the picture they fill.
struct Seen {
  int top = 90;
  double share = 0;
};
Seen SeenAt(const MotionOptions& options, uint64_t seed, double time_s, cv::Size size = {160, 90}) {
  cv::Mat4f picture;
  RenderCaller(PresetLook(0), PoseAt(options, seed, time_s), size, &picture);
  Seen seen;
  for (int y = picture.rows - 1; y >= 0; --y)
    for (int x = 0; x < picture.cols; ++x) {
      seen.share += static_cast<double>(picture(y, x)[3]) / size.area();
      if (picture(y, x)[3] > 0.5F) seen.top = y;
    }
  return seen;
}

TEST(StandUp, TakesTheHeadOutOfTheFrameAndBack) {
  const MotionOptions options = OptionsOf(MotionScript::kStandUp);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    double highest = 0;
    float most_y = -1;
    for (double t = 0; t < 8; t += 0.02)
      if (const float y = PoseAt(options, seed, t).y; y > most_y) {
        most_y = y;
        highest = t;
      }
    // The throat, 11.5 cm below the chin, is at y - 0.085 and the frame ends at tan 20 degrees.
    const CallerPose pose = PoseAt(options, seed, highest);
    EXPECT_GT(pose.y - 0.085F + 0.115F, 0.364F * pose.distance) << "the chin is above the frame";
    cv::Mat4f standing;
    RenderCaller(PresetLook(0), pose, {160, 90}, &standing);
    EXPECT_EQ(standing(0, cvRound(80 + 123.6F * pose.x / pose.distance))[3], 1.0F)
        << "the trunk reaches the top";
    EXPECT_EQ(standing(89, cvRound(80 + 123.6F * pose.x / pose.distance))[3], 1.0F) << "and the bottom";
    EXPECT_GT(SeenAt(options, seed, highest + 4.0).top, 2) << "sits again";
    float reached_in = 0;  // Time from a tenth to nine tenths of the way up.
    for (double t = highest; t > highest - 3; t -= 0.02) {
      const float y = PoseAt(options, seed, t).y;
      if (y < 0.39F && y > 0.03F) reached_in += 0.02F;
    }
    EXPECT_LE(reached_in, 1.5F);
    EXPECT_GE(reached_in, 0.5F);
  }
}

TEST(Walk, EntersAndLeavesTheFrameCompletely) {
  const MotionOptions options = OptionsOf(MotionScript::kWalk);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    EXPECT_EQ(SeenAt(options, seed, 0.0, {210, 90}).share, 0.0);
    EXPECT_EQ(SeenAt(options, seed, 0.8, {210, 90}).share, 0.0);
    EXPECT_GT(SeenAt(options, seed, 6.0).share, 0.2);
    EXPECT_EQ(SeenAt(options, seed, 13.0, {210, 90}).share, 0.0);
    EXPECT_GT(SeenAt(options, seed, 20.0).share, 0.2) << "and comes again";
    EXPECT_GT(std::abs(Over(options, seed, [](const CallerPose& p) { return p.body_yaw; }).spread()), 1.2F);
  }
}

TEST(WaveArm, SwingsTheWholeArmWide) {
  const MotionOptions options = OptionsOf(MotionScript::kWaveArm);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const auto stretched = [](const CallerPose& p) { return std::max(p.stretch[0], p.stretch[1]); };
    const auto wave = [](const CallerPose& p) { return p.wave[0] + p.wave[1]; };
    EXPECT_EQ(Over(options, seed, stretched).most, 1.0F);
    EXPECT_LT(Over(options, seed, wave).least, -0.95F);
    EXPECT_GT(Over(options, seed, wave).most, 0.95F);
  }
  // Level, the arm covers much that is never covered by an arm that is down.
  CallerPose level, upright;
  level.arm_raise[1] = level.stretch[1] = upright.arm_raise[1] = upright.stretch[1] = 1;
  level.wave[1] = -1;
  upright.wave[1] = 1;
  level.distance = upright.distance = 1.0F;
  cv::Mat4f at_level, at_upright;
  RenderCaller(PresetLook(0), level, {160, 90}, &at_level);
  RenderCaller(PresetLook(0), upright, {160, 90}, &at_upright);
  EXPECT_EQ(at_level(68, 140)[3], 1.0F);
  EXPECT_EQ(at_upright(68, 140)[3], 0.0F);
  EXPECT_EQ(at_level(10, 122)[3], 0.0F);
  double above = 0;
  for (int x = 100; x < 140; ++x) above += static_cast<double>(at_upright(10, x)[3]);
  EXPECT_GT(above, 4) << "the hand is up";
}

TEST(WaveHand, WavesBesideTheHead) {
  const MotionOptions options = OptionsOf(MotionScript::kWaveHand);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const auto raised = [](const CallerPose& p) { return std::max(p.arm_raise[0], p.arm_raise[1]); };
    const auto wave = [](const CallerPose& p) { return p.wave[0] + p.wave[1]; };
    EXPECT_EQ(Over(options, seed, raised).most, 1.0F);
    EXPECT_EQ(Over(options, seed, raised).least, 0.0F);
    EXPECT_GT(Over(options, seed, wave).spread(), 0.7F);
  }
}

TEST(TiltHead, ReachesBothSides) {
  const MotionOptions options = OptionsOf(MotionScript::kTiltHead);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const Extent roll = Over(options, seed, [](const CallerPose& p) { return p.head_roll; });
    EXPECT_LT(roll.least, -0.38F);
    EXPECT_GT(roll.most, 0.38F);
    EXPECT_LT(roll.spread(), 1.1F);
  }
}

TEST(TurnHead, ReachesBothProfiles) {
  const MotionOptions options = OptionsOf(MotionScript::kTurnHead);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const Extent yaw = Over(options, seed, [](const CallerPose& p) { return p.head_yaw; });
    EXPECT_LT(yaw.least, -0.95F);
    EXPECT_GT(yaw.most, 0.95F);
    EXPECT_LT(yaw.spread(), 2.3F);
  }
}

TEST(Interview, NodsGlancesAndGestures) {
  const MotionOptions options = OptionsOf(MotionScript::kInterview);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const auto raised = [](const CallerPose& p) { return std::max(p.arm_raise[0], p.arm_raise[1]); };
    EXPECT_GT(Over(options, seed, raised).most, 0.5F);
    EXPECT_LE(Over(options, seed, raised).most, 0.77F) << "hands stay before the chest";
    EXPECT_GT(Over(options, seed, [](const CallerPose& p) { return p.head_pitch; }).spread(), 0.15F);
    EXPECT_GT(Over(options, seed, [](const CallerPose& p) { return p.head_yaw; }).spread(), 0.4F);
    EXPECT_GT(Over(options, seed, [](const CallerPose& p) { return p.mouth; }).most, 0.5F);
  }
}

}  // namespace
}  // namespace peekproof::testbed
