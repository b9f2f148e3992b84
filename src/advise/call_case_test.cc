// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/call_case.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace peekproof::advise {
namespace {

TEST(CallCases, HaveNamesOfTheirOwnAndCanBeDrawn) {
  std::set<std::string> names;
  for (const CallCase& one : CallCases()) {
    EXPECT_TRUE(names.insert(NameOf(one)).second) << NameOf(one);
    EXPECT_TRUE(SceneOf(one, {1280, 720}, 25, 75).Validate().ok()) << NameOf(one);
    EXPECT_GT(one.traits.caller_share, 0) << NameOf(one);
  }
}

TEST(CallCases, EachIsNearestToItself) {
  for (const CallCase& one : CallCases()) {
    const ChosenCase chosen = NearestCase(one.traits);
    EXPECT_EQ(NameOf(chosen.chosen), NameOf(one));
    EXPECT_EQ(chosen.distance, 0);
  }
}

TEST(CallCases, TraitsAreThoseOfTheDrawnCalls) {
  const CallCase& one = NearestCase({.caller_share = 0.24, .speed_per_s = 1.9, .sweep = 1.5}).chosen;
  EXPECT_EQ(NameOf(one), "wave-arm, 0.82 m");
  CallTraits sum;
  for (const uint64_t seed : {1, 2, 3}) {
    const auto traits = MeasureCase(one.script, one.distance_m, seed);
    ASSERT_TRUE(traits.ok());
    sum.caller_share += traits->caller_share / 3;
    sum.speed_per_s += traits->speed_per_s / 3;
    sum.sweep += traits->sweep / 3;
  }
  // As rounded in the table, and a little for other compilers.
  EXPECT_NEAR(sum.caller_share, one.traits.caller_share, 0.005);
  EXPECT_NEAR(sum.speed_per_s, one.traits.speed_per_s, 0.05);
  EXPECT_NEAR(sum.sweep, one.traits.sweep, 0.05);
}

TEST(CallCases, ALargerCallerIsNearerToTheCamera) {
  CallTraits traits{.caller_share = 0.34, .speed_per_s = 0.4, .sweep = 0.5};
  EXPECT_FLOAT_EQ(NearestCase(traits).chosen.distance_m, 0.66F);
  traits.caller_share = 0.17;
  EXPECT_FLOAT_EQ(NearestCase(traits).chosen.distance_m, 1.05F);
}

TEST(Distance, IsSymmetricAndCountsSteps) {
  const CallTraits a{.caller_share = 0.2, .speed_per_s = 0.3, .sweep = 0.4};
  CallTraits b = a;
  EXPECT_EQ(Distance(a, b), 0);
  b.caller_share = 0.2 * std::exp(0.25);
  EXPECT_NEAR(Distance(a, b), 1, 1e-9);
  b.speed_per_s = 0.32 * std::exp(0.5) - 0.02;
  EXPECT_NEAR(Distance(a, b), std::sqrt(2), 1e-9);
  EXPECT_NEAR(Distance(a, b), Distance(b, a), 1e-12);
}

TEST(Distance, IsFiniteWithoutACaller) { EXPECT_TRUE(std::isfinite(Distance({}, CallCases()[0].traits))); }

TEST(SceneOf, KeepsTheRecordingsShapeWithinTheLimit) {
  const CallCase& one = CallCases()[0];
  EXPECT_EQ(SceneOf(one, {1280, 720}, 30, 75).size, cv::Size(1280, 720));
  EXPECT_EQ(SceneOf(one, {1920, 1080}, 30, 75).size, cv::Size(1280, 720));
  EXPECT_EQ(SceneOf(one, {641, 361}, 30, 75).size, cv::Size(640, 360));
  EXPECT_EQ(SceneOf(one, {1080, 1920}, 30, 75).size, cv::Size(720, 1280));
  EXPECT_EQ(SceneOf(one, {1280, 720}, 30, 75).frame_rate, 30);
  EXPECT_EQ(SceneOf(one, {1280, 720}, 30, 75).setup_frames, 60);
  EXPECT_EQ(SceneOf(one, {1280, 720}, 0, 75).frame_rate, 25);
}

}  // namespace
}  // namespace peekproof::advise
