// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/leak_meter.h"

#include <gtest/gtest.h>

#include "engines/guard_world.h"

namespace peekproof::engines {
namespace {

/// A service that shows the caller and `wide_px` around them.
class LeakMeterTest : public ::testing::Test {
 protected:
  void SetUpRoom() {
    for (int i = 0; i < 12; ++i) meter_.LearnRoom(GuardWorld::Noisy(world_.room(), 500 + i));
  }
  void Show(int x, float wide_px) {
    const cv::Mat1f matte = GuardWorld::MatteAt(static_cast<float>(x), 0);
    const image::Frame camera{GuardWorld::Noisy(world_.Lay(matte, x), next_), next_,
                              0.04 * static_cast<double>(next_)};
    ++next_;
    shown_.alpha.values = GuardWorld::MatteAt(static_cast<float>(x), wide_px);
    shown_.shown = Shown::kComposed;
    meter_.Add(camera, shown_);
    cv::Mat1b near;
    cv::dilate(matte > 0, near, cv::Mat(5, 5, CV_8U, cv::Scalar(1)));
    cv::Mat1f leak = shown_.alpha.values.clone();
    leak.setTo(0, near);
    if (truth_.empty()) truth_ = cv::Mat1f(leak.size(), 0.0F);
    cv::Mat most = truth_;
    const cv::Mat now = leak;
    cv::max(now, most, most);
  }
  double TruthPx() const { return cv::sum(truth_)[0]; }

  GuardWorld world_{"guard"};
  LeakMeter meter_;
  Composite shown_;
  cv::Mat1f truth_;
  int64_t next_ = 0;
};

TEST_F(LeakMeterTest, AnExactMatteLeaksNothing) {
  SetUpRoom();
  for (int i = 0; i < 10; ++i) Show(300 + 4 * i, 0);
  EXPECT_LT(meter_.leak().weighted_px, 20);
  EXPECT_EQ(meter_.leak().unknown_px, 0);
  EXPECT_EQ(meter_.leak().frames, 10);
  EXPECT_FALSE(meter_.leak().any_raw);
}

TEST_F(LeakMeterTest, MetersWhatLeaksWithinATenth) {
  SetUpRoom();
  for (int i = 0; i < 10; ++i) {
    Show(300 + 4 * i, 8);
    EXPECT_NEAR(meter_.leak().weighted_px, TruthPx(), 0.1 * TruthPx()) << i;
  }
  EXPECT_GT(meter_.leak().shown_share(), 0);
  EXPECT_NEAR(meter_.leak().shown_px, cv::countNonZero(truth_), 0.1 * cv::countNonZero(truth_));
}

TEST_F(LeakMeterTest, NamesTheWorstMoment) {
  SetUpRoom();
  for (int i = 0; i < 9; ++i) Show(320, i == 5 ? 14.0F : 4.0F);
  EXPECT_DOUBLE_EQ(meter_.leak().worst_time_s, 5 * 0.04);
  EXPECT_GT(meter_.leak().worst_px, 2000);
}

TEST_F(LeakMeterTest, WithoutSetUpItSeesWhatTheCallerLeftAndSaysWhatItDoesNotSee) {
  for (int i = 0; i < 60; ++i) Show(200 + 4 * i, 8);
  EXPECT_GT(meter_.leak().unknown_px, 0);
  EXPECT_GT(meter_.leak().weighted_px, 0.2 * TruthPx());
  EXPECT_LT(meter_.leak().weighted_px, 1.05 * TruthPx());
}

TEST_F(LeakMeterTest, ARawFrameShowsTheWholeRoom) {
  SetUpRoom();
  Show(320, 0);
  shown_.alpha.values.setTo(1);
  shown_.shown = Shown::kRaw;
  const cv::Mat1f matte = GuardWorld::MatteAt(320, 0);
  meter_.Add({GuardWorld::Noisy(world_.Lay(matte, 320), 1), 1, 0.04}, shown_);
  EXPECT_TRUE(meter_.leak().any_raw);
  EXPECT_GT(meter_.leak().weighted_share(), 0.95);
}

TEST_F(LeakMeterTest, AFrozenFrameShowsNothingNew) {
  SetUpRoom();
  Show(320, 0);
  const double before = meter_.leak().weighted_px;
  shown_.shown = Shown::kFrozen;
  shown_.alpha.values.setTo(1);
  meter_.Add({GuardWorld::Noisy(world_.room(), 2), 2, 0.08}, shown_);
  EXPECT_EQ(meter_.leak().weighted_px, before);
}

TEST_F(LeakMeterTest, AnotherSizeStartsAfresh) {
  SetUpRoom();
  Show(320, 8);
  shown_.alpha.values = cv::Mat1f(90, 160, 0.0F);
  meter_.Add({cv::Mat3b(90, 160, cv::Vec3b(90, 90, 90)), 3, 0.12}, shown_);
  EXPECT_EQ(meter_.leak().weighted_px, 0);
  EXPECT_EQ(meter_.leak().frames, 1);
}

}  // namespace
}  // namespace peekproof::engines
