// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// The guard from outside: what it shows of a known room beside a known caller, whatever goes wrong.
#include <gtest/gtest.h>

#include <string>

#include "engines/guard_world.h"

namespace peekproof::engines {
namespace {

constexpr double kMostLost = 0.01;  ///< Of the caller, with a plate.

TEST(GuardTest, ShowsTheWallpaperAloneUntilMasksAreGood) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 2; ++i) {
    world.Show(320);
    EXPECT_TRUE(world.ShowsWallpaperAlone()) << i;
  }
  world.Show(320);
  EXPECT_EQ(world.shown().shown, Shown::kComposed);
  EXPECT_EQ(world.phase(), GuardPhase::kOpen);
}

/// The network calls a shelf a person, before the call and during it.
TEST(GuardTest, ASetUpShotIsBelievedAgainstANetworkThatSeesAPersonInTheFurniture) {
  const cv::Rect shelf(40, 40, 60, 80);
  GuardWorld world("guard");
  cv::Mat1f fooled(144, 256, 0.0F);
  fooled(cv::Rect(shelf.x * 256 / 640, shelf.y * 144 / 360, 24, 32)) = 1.0F;
  for (int i = 0; i < 20; ++i) {
    fooled.copyTo(world.script().mask);
    ASSERT_TRUE(world.engine().LearnRoom({GuardWorld::Noisy(world.room(), 1000 + i), i, 0}).ok());
  }
  for (int i = 0; i < 8; ++i) {
    const cv::Mat1f matte = GuardWorld::MatteAt(200, 0);
    cv::add(GuardWorld::Small(matte), fooled, world.script().mask);
    world.ShowPicture(world.Lay(matte, 200));
    EXPECT_EQ(cv::countNonZero(world.shown().alpha.values(shelf)), 0) << i;
  }
}

TEST(GuardTest, SomebodyInTheSetUpShotIsDoubtedAndTheRoomBehindThemHardlyShows) {
  GuardWorld world("guard");
  const cv::Mat1f matte = GuardWorld::MatteAt(320, 0);
  for (int i = 0; i < 20; ++i) {
    world.script().mask = GuardWorld::Small(matte);
    ASSERT_TRUE(world.engine().LearnRoom({GuardWorld::Noisy(world.Lay(matte, 320), 1000 + i), i, 0}).ok());
  }
  EXPECT_GT(world.plate().trusted_share(), 0.3);
  EXPECT_LT(world.plate().trusted_share(), 0.8);
  for (int i = 0; i < 30; ++i) {
    world.Show(320 - 5 * i);
    EXPECT_LE(world.LeakPx(), 12) << i;
  }
}

class GuardStrengthTest : public ::testing::TestWithParam<const char*> {
 protected:
  std::string Spec() const { return std::string("guard(strength=") + GetParam() + ")"; }
};

INSTANTIATE_TEST_SUITE_P(Strengths, GuardStrengthTest, ::testing::Values("natural", "balanced", "strict"));

TEST_P(GuardStrengthTest, WithAPlateNothingShowsWhereverTheNetworkErrs) {
  GuardWorld world(Spec());
  world.SetUp();
  for (int i = 0; i < 12; ++i) {
    world.Show(300 + 4 * i, i % 2 == 0 ? 14.0F : 6.0F);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

TEST_P(GuardStrengthTest, WithAPlateTheCallerStaysWholeWhereTheNetworkCutsIn) {
  GuardWorld world(Spec());
  world.SetUp();
  for (int i = 0; i < 8; ++i) world.Show(320, -6);
  // The strict guard shows nothing beyond the network's caller but its own block.
  EXPECT_LT(world.LostShare(), std::string(GetParam()) == "strict" ? 0.03 : kMostLost);
}

TEST_P(GuardStrengthTest, WithoutAPlateAnExactMaskLeaksNothing) {
  GuardWorld world(Spec());
  for (int i = 0; i < 40; ++i) {
    world.Show(300 + 2 * i);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

/// The outgoing picture is no function of the room: two calls that differ in the room alone look alike.
TEST_P(GuardStrengthTest, TwoRoomsLookAlikeBeyondTheCaller) {
  GuardWorld one(Spec(), 1);
  GuardWorld other(Spec(), 2);
  one.SetUp();
  other.SetUp();
  for (int i = 0; i < 10; ++i) {
    one.Show(300 + 3 * i, 10);
    other.Show(300 + 3 * i, 10);
    cv::Mat1b near;
    cv::dilate(one.matte() > 0, near, cv::Mat(5, 5, CV_8U, cv::Scalar(1)));
    cv::Mat3b difference;
    cv::absdiff(one.shown().bgr, other.shown().bgr, difference);
    difference.setTo(cv::Scalar(0, 0, 0), near);
    EXPECT_EQ(cv::norm(difference, cv::NORM_INF), 0) << i;
  }
}

TEST_P(GuardStrengthTest, ExposureMayDrift) {
  GuardWorld world(Spec());
  world.SetUp();
  const cv::Mat1f matte = GuardWorld::MatteAt(320, 0);
  for (int i = 0; i < 3; ++i) world.Show(320, 12);
  for (int i = 0; i < 20; ++i) {
    cv::Mat3b brighter;
    const cv::Mat3b picture = world.Lay(matte, 320);
    picture.convertTo(brighter, -1, 1 + 0.01 * i);
    world.ShowPicture(brighter);
    EXPECT_EQ(world.LeakPx(), 0) << i;
    EXPECT_EQ(world.shown().shown, Shown::kComposed) << i;
  }
  EXPECT_LT(world.LostShare(), 2 * kMostLost);
}

TEST_P(GuardStrengthTest, TheCallersShadowOnTheWallIsRoom) {
  GuardWorld world(Spec());
  world.SetUp();
  const double light = std::string(GetParam()) == "strict" ? 0.8 : 0.96;
  for (int i = 0; i < 6; ++i) {
    world.Show(320, 12);
    cv::Mat3b shadow = world.room().clone();
    cv::Mat3b near = shadow(cv::Rect(240, 40, 160, 320));
    near.convertTo(near, -1, light);
    const cv::Mat3b bright = world.room().clone();
    world.room() = shadow;
    world.Show(320, 12);
    world.room() = bright;
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

// What the caller does not see coming.

TEST(GuardEventsTest, AMovedChairAwayFromTheCallerDoesNotShow) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320, 2);
  cv::rectangle(world.room(), cv::Rect(20, 200, 120, 160), cv::Scalar(20, 40, 90), cv::FILLED);
  for (int i = 0; i < 40; ++i) {
    world.Show(320, 2);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

TEST(GuardEventsTest, ADoorOpenedBehindTheCallerDoesNotShow) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320, 0);
  cv::rectangle(world.room(), cv::Rect(330, 0, 150, 360), cv::Scalar(10, 10, 15), cv::FILLED);
  for (int i = 0; i < 40; ++i) {
    world.Show(320, 0);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

TEST(GuardEventsTest, ADoorThatIsWithinTheReachAltogetherDoesNotShowEither) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320, 0);
  // Beside the head, between 10 and 50 pixels from it.
  cv::rectangle(world.room(), cv::Rect(382, 40, 40, 110), cv::Scalar(10, 10, 15), cv::FILLED);
  for (int i = 0; i < 40; ++i) {
    world.Show(320, 0);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

TEST(GuardEventsTest, WhatComesOutOfTheCallerAtAHandsSpeedIsShown) {
  GuardWorld world("guard(strength=natural)");
  world.SetUp();
  for (int i = 0; i < 5; ++i) world.Show(320);
  const cv::Mat3b behind = world.Lay(GuardWorld::MatteAt(320, 0), 320);
  for (int reach = 0; reach <= 100; reach += 25) {
    cv::Mat3b picture = behind.clone();
    const cv::Rect held(350, 120, 30 + reach, 20);
    picture(held) = cv::Vec3b(40, 40, 250);
    world.ShowPicture(picture);
    EXPECT_GT(cv::mean(world.shown().alpha.values(held))[0], 0.9) << reach;
  }
}

TEST(GuardEventsTest, ASecondPersonIsLeftOutUnlessAllowed) {
  for (const bool one : {true, false}) {
    GuardWorld world(one ? "guard" : "guard(one_person=no)");
    world.SetUp();
    for (int i = 0; i < 10; ++i) world.Show(240);
    const cv::Mat matte = GuardWorld::MatteAt(560, 0);
    cv::Mat two = GuardWorld::MatteAt(240, 0);
    cv::max(matte, two, two);
    const cv::Mat3b both = world.Lay(two, 240);
    // Apart from the caller, as the network sees them.
    cv::Mat1f mask = GuardWorld::Small(GuardWorld::MatteAt(240, 0));
    cv::Mat1f second = GuardWorld::Small(GuardWorld::MatteAt(560, 0));
    second.colRange(0, 180).setTo(0);
    mask.colRange(170, 256).setTo(0);
    cv::add(mask, second, world.script().mask);
    for (int i = 0; i < 5; ++i) world.ShowPicture(both);
    const cv::Mat1f beside = world.shown().alpha.values(cv::Rect(500, 60, 120, 300));
    EXPECT_EQ(cv::countNonZero(beside) == 0, one);
    EXPECT_GT(cv::sum(world.shown().alpha.values(cv::Rect(140, 60, 200, 300)))[0], 10000);
  }
}

TEST(GuardEventsTest, LightsSwitchedOffCloseOrHideTheRoom) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320, 10);
  cv::Mat3b dark = world.room().clone();
  dark.convertTo(dark, -1, 0.2);
  world.room() = dark;
  for (int i = 0; i < 40; ++i) {
    world.Show(320, 0);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
}

TEST(GuardEventsTest, AnotherCameraClosesAndIsLearntAnew) {
  GuardWorld world("guard");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320);
  ASSERT_GT(world.plate().trusted_share(), 0.9);
  world.room() = GuardWorld::RoomOf(5);
  cv::flip(world.room(), world.room(), 1);
  world.room() = cv::Scalar(255, 255, 255) - world.room();
  world.Show(320);
  EXPECT_TRUE(world.ShowsWallpaperAlone());
  EXPECT_EQ(world.phase(), GuardPhase::kNewScene);
  EXPECT_EQ(world.plate().trusted_share(), 0);
  for (int i = 0; i < 20; ++i) {
    world.Show(320);
    EXPECT_EQ(world.LeakPx(), 0) << i;
  }
  EXPECT_GT(world.plate().trusted_share(), 0.4);
}

TEST(GuardEventsTest, APictureHeldUpIsShownWhereItDiffersFromTheRoom) {
  GuardWorld natural("guard(strength=natural)");
  natural.SetUp();
  for (int i = 0; i < 5; ++i) natural.Show(320);
  // A bright card beside the caller's head, of which the network sees nothing.
  cv::Mat3b picture = natural.Lay(GuardWorld::MatteAt(320, 0), 320);
  const cv::Rect card(366, 110, 24, 50);
  picture(card) = cv::Vec3b(40, 40, 250);
  for (int i = 0; i < 3; ++i) natural.ShowPicture(picture);
  EXPECT_GT(cv::mean(natural.shown().alpha.values(card))[0], 0.9);
}

TEST(GuardTest, AnEmptyFrameIsAnError) {
  GuardWorld world("guard");
  world.ShowPicture(world.room());
  Composite shown;
  EXPECT_EQ(world.engine().Process({}, world.wallpaper(), &shown).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(world.engine().LearnRoom({}).error().code, ErrorCode::kInvalidArgument);
}

TEST(GuardTest, BadOptionsAreNamed) {
  for (const char* spec : {"guard(strength=brutal)", "guard(share_low=0.8)", "guard(careful_low=0.99)"}) {
    const auto engine =
        MakeEngine(spec, [](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
          return std::unique_ptr<models::Segmenter>(
              std::make_unique<ScriptedSegmenter>(std::make_shared<NetworkScript>()));
        });
    ASSERT_FALSE(engine.ok()) << spec;
    EXPECT_NE(engine.error().message.find("guard"), std::string::npos) << engine.error().message;
  }
}

TEST(GuardTest, AStrengthSetsDefaultsThatCanBeOverridden) {
  EXPECT_EQ(GuardOptionsOf("natural").value().zone.reach_blocks, 16);
  EXPECT_EQ(GuardOptionsOf("strict").value().limits.most_mask_age, 0);
  GuardWorld world("guard(strength=strict,most_mask_age=5)");
  world.SetUp();
  for (int i = 0; i < 10; ++i) world.Show(320);
  world.script().fails = true;
  for (int i = 0; i < 5; ++i) world.Show(320);
  EXPECT_EQ(world.phase(), GuardPhase::kAgeing);
}

}  // namespace
}  // namespace peekproof::engines
