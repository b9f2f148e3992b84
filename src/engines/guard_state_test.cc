// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/guard_state.h"

#include <gtest/gtest.h>

#include <limits>

namespace peekproof::engines {
namespace {

const cv::Size kSightSize(64, 36);

/// Feeds frames at 25 a second.
class GuardStateTest : public ::testing::Test {
 protected:
  GuardSight Good() const { return {kSightSize, 0.04 * frame_, 0, false, 0}; }
  GuardDecision Show(const GuardSight& sight) {
    ++frame_;
    return state_.Next(sight);
  }
  void Open() {
    for (int i = 0; i < limits_.open_masks; ++i) Show(Good());
  }
  /// Number of good frames until the caller shows again.
  int FramesToOpen() {
    for (int i = 1; i < 100; ++i)
      if (Show(Good()).show_caller) return i;
    return 100;
  }

  GuardLimits limits_;
  GuardState state_{limits_};
  int frame_ = 0;
};

TEST_F(GuardStateTest, OpensAfterGoodMasksInARow) {
  for (int i = 1; i < limits_.open_masks; ++i) {
    const GuardDecision decision = Show(Good());
    EXPECT_FALSE(decision.show_caller);
    EXPECT_EQ(decision.phase, GuardPhase::kOpening);
  }
  const GuardDecision decision = Show(Good());
  EXPECT_TRUE(decision.show_caller);
  EXPECT_EQ(decision.phase, GuardPhase::kOpen);
  EXPECT_FALSE(decision.forget_masks);
  EXPECT_FALSE(decision.forget_room);
}

TEST_F(GuardStateTest, AMissingMaskStartsTheCountAnew) {
  Show(Good());
  Show(Good());
  GuardSight none = Good();
  none.mask_age = -1;
  EXPECT_EQ(Show(none).phase, GuardPhase::kStale);
  EXPECT_EQ(FramesToOpen(), limits_.open_masks);
}

TEST_F(GuardStateTest, AnAgeingMaskServesUpToTheLimit) {
  Open();
  for (int age = 1; age <= limits_.most_mask_age; ++age) {
    GuardSight old = Good();
    old.mask_age = age;
    old.failed = true;
    const GuardDecision decision = Show(old);
    EXPECT_TRUE(decision.show_caller) << age;
    EXPECT_EQ(decision.phase, GuardPhase::kAgeing) << age;
  }
  GuardSight stale = Good();
  stale.mask_age = limits_.most_mask_age + 1;
  const GuardDecision decision = Show(stale);
  EXPECT_FALSE(decision.show_caller);
  EXPECT_EQ(decision.phase, GuardPhase::kStale);
  EXPECT_TRUE(decision.forget_masks);
  EXPECT_FALSE(decision.forget_room);
  EXPECT_EQ(FramesToOpen(), limits_.open_masks);
}

TEST_F(GuardStateTest, AFailedMaskDoesNotCountTowardsOpening) {
  for (int i = 0; i < 10; ++i) {
    GuardSight failing = Good();
    failing.mask_age = 1;
    failing.failed = true;
    EXPECT_FALSE(Show(failing).show_caller);
  }
}

TEST_F(GuardStateTest, ANewSizeClosesAndForgetsAll) {
  Open();
  GuardSight wide = Good();
  wide.size = {128, 72};
  GuardDecision decision = Show(wide);
  EXPECT_FALSE(decision.show_caller);
  EXPECT_EQ(decision.phase, GuardPhase::kNewSize);
  EXPECT_TRUE(decision.forget_masks);
  EXPECT_TRUE(decision.forget_room);
  // The new size is the known one from then on.
  int frames = 0;
  do {
    wide.time_s = 0.04 * frame_;
    decision = Show(wide);
    ++frames;
  } while (!decision.show_caller && frames < 100);
  EXPECT_EQ(frames, limits_.open_masks);
}

TEST_F(GuardStateTest, ALateFrameClosesButKeepsTheRoom) {
  Open();
  frame_ += 50;
  const GuardDecision decision = Show(Good());
  EXPECT_FALSE(decision.show_caller);
  EXPECT_EQ(decision.phase, GuardPhase::kLate);
  EXPECT_TRUE(decision.forget_masks);
  EXPECT_FALSE(decision.forget_room);
  EXPECT_EQ(FramesToOpen(), limits_.open_masks);
}

TEST_F(GuardStateTest, TimeThatRunsBackwardsOrIsNotANumberIsLate) {
  Open();
  GuardSight back = Good();
  back.time_s = 0;
  EXPECT_EQ(Show(back).phase, GuardPhase::kLate);
  Open();
  GuardSight broken = Good();
  broken.time_s = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Show(broken).phase, GuardPhase::kLate);
}

TEST_F(GuardStateTest, AnotherSceneClosesAndForgetsTheRoom) {
  Open();
  GuardSight other = Good();
  other.changed = limits_.most_change + 0.01;
  const GuardDecision decision = Show(other);
  EXPECT_FALSE(decision.show_caller);
  EXPECT_EQ(decision.phase, GuardPhase::kNewScene);
  EXPECT_TRUE(decision.forget_room);
  EXPECT_EQ(FramesToOpen(), limits_.open_masks);
}

TEST_F(GuardStateTest, ResetIsAsNew) {
  Open();
  state_.Reset();
  frame_ = 0;
  EXPECT_EQ(FramesToOpen(), limits_.open_masks);
}

/// Whatever comes in, the caller shows only on a frame that has a mask within the limit and no reason
/// against it, after open_masks such frames.
TEST_F(GuardStateTest, NeverOpenWithoutReasonOverAllShortSequences) {
  const auto sight = [&](int kind) {
    GuardSight seen = Good();
    if (kind == 1) seen.mask_age = -1;
    if (kind == 2) seen.mask_age = limits_.most_mask_age + 1;
    if (kind == 3) seen.failed = true;
    if (kind == 4) seen.changed = 1;
    if (kind == 5) seen.size = {32, 18};
    return seen;
  };
  constexpr int kKinds = 6;
  constexpr int kLength = 6;
  int sequences = 1;
  for (int i = 0; i < kLength; ++i) sequences *= kKinds;
  for (int sequence = 0; sequence < sequences; ++sequence) {
    state_.Reset();
    frame_ = 0;
    int good = 0;
    cv::Size size;
    for (int i = 0, rest = sequence; i < kLength; ++i, rest /= kKinds) {
      const int kind = rest % kKinds;
      const GuardSight seen = sight(kind);
      const bool resized = i > 0 && seen.size != size;
      size = seen.size;
      const bool fine = !resized && (kind == 0 || kind == 5);
      if (fine) ++good;
      if (!fine && (kind != 3 || resized)) good = 0;
      EXPECT_EQ(Show(seen).show_caller, good >= limits_.open_masks) << sequence << " at " << i;
    }
  }
}

}  // namespace
}  // namespace peekproof::engines
