// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/caller_motion.h"

#include <gtest/gtest.h>

namespace peekproof::advise {
namespace {

/// A square of 36 x 36 mask pixels.
cv::Mat1f SquareAt(int x, int scale = 1) {
  cv::Mat1f mask(CallerMotionMeter::MaskSize() * scale, 0.0F);
  mask(cv::Rect(scale * x, scale * 50, scale * 36, scale * 36)).setTo(1.0F);
  return mask;
}

TEST(CallerMotion, OfNothingIsNothing) {
  const CallTraits traits = CallerMotionMeter().Traits();
  EXPECT_EQ(traits.caller_share, 0);
  EXPECT_EQ(traits.speed_per_s, 0);
  EXPECT_EQ(traits.sweep, 0);
}

TEST(CallerMotion, NobodyInViewIsNothing) {
  CallerMotionMeter meter;
  for (int i = 0; i < 50; ++i) meter.Add(cv::Mat1f(CallerMotionMeter::MaskSize(), 0.0F), 0.125 * i);
  EXPECT_EQ(meter.Traits().caller_share, 0);
  EXPECT_EQ(meter.Traits().speed_per_s, 0);
}

TEST(CallerMotion, AStillCallerHasAShareOnly) {
  CallerMotionMeter meter;
  for (int i = 0; i < 50; ++i) meter.Add(SquareAt(40), 0.125 * i);
  const CallTraits traits = meter.Traits();
  EXPECT_NEAR(traits.caller_share, 36 * 36 / (256.0 * 144), 1e-9);
  EXPECT_EQ(traits.speed_per_s, 0);
  EXPECT_EQ(traits.sweep, 0);
}

TEST(CallerMotion, MeasuresSpeedAndSweepOfASlide) {
  CallerMotionMeter meter;
  // Four pixels to the right every eighth of a second: 2 x 4 of 36 columns change sides.
  for (int i = 0; i < 48; ++i) meter.Add(SquareAt(4 * i), 0.125 * i);
  const CallTraits traits = meter.Traits();
  EXPECT_NEAR(traits.speed_per_s, 8.0 / 36 / 0.125, 0.01);
  // 24 masks of three seconds lie 23 steps apart.
  EXPECT_NEAR(traits.sweep, 23 * 4 / 36.0, 1e-6);
}

TEST(CallerMotion, DoesNotDependOnSizeOrFrameRate) {
  CallerMotionMeter often;
  for (int i = 0; i < 4 * 48; ++i) often.Add(SquareAt(4 * (i / 4), 2), 0.125 / 4 * i);
  EXPECT_NEAR(often.Traits().speed_per_s, 8.0 / 36 / 0.125, 0.01);
  EXPECT_NEAR(often.Traits().caller_share, 36 * 36 / (256.0 * 144), 1e-9);
}

TEST(CallerMotion, MayBeAskedInBetween) {
  CallerMotionMeter meter;
  CallerMotionMeter asked;
  for (int i = 0; i < 40; ++i) {
    meter.Add(SquareAt(2 * i), 0.125 * i);
    asked.Add(SquareAt(2 * i), 0.125 * i);
    static_cast<void>(asked.Traits());
  }
  EXPECT_EQ(meter.Traits().sweep, asked.Traits().sweep);
}

}  // namespace
}  // namespace peekproof::advise
