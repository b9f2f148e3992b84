// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/defense_trial.h"

#include <gtest/gtest.h>

#include "testbed/small_scene.h"

namespace peekproof::testbed {
namespace {

/// Half of a small picture is caller.
struct Shot {
  image::Frame camera;
  image::AlphaMask caller;

  explicit Shot(cv::Size size)
      : camera{.bgr = cv::Mat3b(size, cv::Vec3b(90, 110, 130))}, caller{cv::Mat1f(size, 0.0F)} {
    caller.values.colRange(0, size.width / 2).setTo(1.0F);
  }
};

DefenseTrial Trial(const char* engine, Metering metering = Metering::kOff) {
  SceneOptions options = SmallScene();
  options.engine = engine;
  auto trial = DefenseTrial::Create(options, metering, {});
  EXPECT_TRUE(trial.ok());
  return std::move(*trial);
}

TEST(DefenseTrial, ScoresNothingBeforeTheFirstFrame) {
  const TrialScore score = Trial("mediapipe").Score();
  EXPECT_EQ(score.weighted, 0);
  EXPECT_EQ(score.ms, 0);
  EXPECT_EQ(score.closed, 0);
}

TEST(DefenseTrial, TellsLeakAndPriceOfAnEngine) {
  const Shot shot(SmallScene().size);
  DefenseTrial trial = Trial("mediapipe", Metering::kOn);
  ASSERT_TRUE(trial.Take(shot.camera, shot.caller).ok());
  const TrialScore score = trial.Score();
  // The oracle's caller is grown and has patches of room.
  EXPECT_GT(score.weighted, 0.001);
  EXPECT_LT(score.weighted, 0.05);
  EXPECT_GE(score.partial, score.weighted);
  EXPECT_LE(score.full, score.weighted);
  EXPECT_GE(score.worst_frame, 0.001);
  EXPECT_GT(score.ms, 0);
  EXPECT_EQ(score.closed, 0);
}

TEST(DefenseTrial, AFrameThatIsClosedLeaksNothing) {
  const Shot shot(SmallScene().size);
  DefenseTrial trial = Trial("guard");
  ASSERT_TRUE(trial.Take(shot.camera, shot.caller).ok());
  EXPECT_EQ(trial.Score().weighted, 0);
  EXPECT_EQ(trial.Score().closed, 1) << "the guard opens after three good masks";
}

TEST(DefenseTrial, AnEngineThatIsNotThereIsAnError) {
  SceneOptions options = SmallScene();
  options.engine = "no-such-engine";
  EXPECT_FALSE(DefenseTrial::Create(options, Metering::kOff, {}).ok());
}

}  // namespace
}  // namespace peekproof::testbed
