// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Faults, injected into the guard. Nothing of the camera may show in any frame on which the guard does not
// know where the caller is.
#include <gtest/gtest.h>

#include "engines/guard_world.h"

namespace peekproof::engines {
namespace {

TEST(GuardFaultTest, AFailingNetworkAgesAndThenCloses) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320);
  world.script().fails = true;
  for (int i = 1; i <= 10; ++i) {
    world.Show(320);
    EXPECT_FALSE(world.shown().failure.empty());
    EXPECT_EQ(world.LeakPx(), 0) << i;
    if (i <= 2) {
      EXPECT_EQ(world.phase(), GuardPhase::kAgeing) << i;
    } else {
      EXPECT_TRUE(world.ShowsWallpaperAlone()) << i;
    }
  }
  world.script().fails = false;
  world.Show(320);
  EXPECT_TRUE(world.ShowsWallpaperAlone());
  world.Show(320);
  world.Show(320);
  EXPECT_EQ(world.shown().shown, Shown::kComposed);
}

TEST(GuardFaultTest, AFailingNetworkAndAMovingCallerShowNoRoom) {
  for (const char* spec : {"guard", "guard(strength=natural)", "guard(strength=strict)"}) {
    GuardWorld world(spec);
    world.SetUp();
    for (int i = 0; i < 10; ++i) world.Show(220 + 6 * i);
    world.script().fails = true;
    for (int i = 10; i < 16; ++i) {
      world.Show(220 + 6 * i);
      EXPECT_EQ(world.LeakPx(), 0) << spec << " at " << i;
    }
  }
}

TEST(GuardFaultTest, ANetworkThatNeverComesShowsNothing) {
  GuardWorld world("guard(load_frames=1000)");
  for (int i = 0; i < 20; ++i) {
    world.Show(320);
    EXPECT_TRUE(world.ShowsWallpaperAlone());
    EXPECT_EQ(world.phase(), GuardPhase::kStale);
  }
}

TEST(GuardFaultTest, ALateFrameCloses) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(200);
  world.Skip(2);
  world.Show(440);
  EXPECT_TRUE(world.ShowsWallpaperAlone());
  EXPECT_EQ(world.phase(), GuardPhase::kLate);
}

TEST(GuardFaultTest, AnotherSizeClosesWithoutReset) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320);
  cv::Mat3b larger;
  cv::resize(world.Lay(world.matte(), 320), larger, {960, 540});
  const cv::Mat3b small_wallpaper = world.wallpaper().clone();
  cv::resize(world.wallpaper(), world.wallpaper(), larger.size());
  world.ShowPicture(larger);
  EXPECT_TRUE(world.ok());
  EXPECT_TRUE(world.ShowsWallpaperAlone());
  EXPECT_EQ(world.phase(), GuardPhase::kNewSize);
  for (int i = 0; i < 3; ++i) world.ShowPicture(larger);
  EXPECT_EQ(world.shown().shown, Shown::kComposed);
}

TEST(GuardFaultTest, WithoutABackgroundThereIsGreyAndNoCamera) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320);
  world.wallpaper() = cv::Mat3b(10, 10, cv::Vec3b(1, 2, 3));
  world.Show(320);
  EXPECT_TRUE(world.ok());
  EXPECT_FALSE(world.shown().failure.empty());
  EXPECT_EQ(world.shown().shown, Shown::kBackground);
  EXPECT_EQ(cv::norm(world.shown().bgr, cv::Mat3b(360, 640, cv::Vec3b(64, 64, 64)), cv::NORM_INF), 0);
}

TEST(GuardFaultTest, ALateMaskLearnsTheRoomAllTheSame) {
  GuardWorld world("guard(lag=1)");
  for (int i = 0; i < 20; ++i) {
    world.Show(320);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
  EXPECT_EQ(world.phase(), GuardPhase::kAgeing);
  EXPECT_GT(world.plate().trusted_share(), 0.4);
}

/// Counts how often it is asked.
class CountingBackground : public Background {
 public:
  Result<const cv::Mat3b*> Draw(const BackgroundView& /*view*/) override {
    ++asked;
    return Error{ErrorCode::kIo, "the wallpaper is gone"};
  }
  int asked = 0;
};

TEST(GuardFaultTest, AsksForABackgroundOnceAFrame) {
  GuardWorld world("guard");
  for (int i = 0; i < 5; ++i) world.Show(320);
  CountingBackground gone;
  Composite shown;
  const image::Frame frame{world.Lay(world.matte(), 320), 5, 0.2};
  ASSERT_TRUE(world.engine().Process(frame, &gone, &shown).ok());
  EXPECT_EQ(gone.asked, 1);
  EXPECT_EQ(shown.failure, "the wallpaper is gone");
}

TEST(GuardFaultTest, NobodyThereShowsTheWallpaper) {
  GuardWorld world("guard");
  for (int i = 0; i < 10; ++i) {
    world.script().mask = cv::Mat1f::zeros(144, 256);
    world.ShowPicture(world.room());
    EXPECT_TRUE(world.ShowsWallpaperAlone());
  }
}

TEST(GuardFaultTest, ResetForgetsTheRoomAndCloses) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 5; ++i) world.Show(320);
  world.engine().Reset();
  EXPECT_EQ(world.plate().trusted_share(), 0);
  world.Show(320);
  EXPECT_TRUE(world.ShowsWallpaperAlone());
}

}  // namespace
}  // namespace peekproof::engines
