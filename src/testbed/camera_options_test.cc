// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/camera_options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

namespace peekproof::testbed {
namespace {

std::string Refusal(const std::function<void(CameraOptions*)>& change) {
  CameraOptions options;
  change(&options);
  const Result<void> result = options.Validate();
  return result.ok() ? "" : result.error().message;
}

TEST(CameraOptions, RefusesNonsenseAndNamesIt) {
  EXPECT_EQ(Refusal([](CameraOptions*) {}), "");
  const auto names = [](const std::string& name, const std::function<void(CameraOptions*)>& change) {
    EXPECT_NE(Refusal(change).find(name), std::string::npos) << name << ": " << Refusal(change);
  };
  names("noise_sigma", [](CameraOptions* o) { o->noise_sigma = -1; });
  names("exposure_drift", [](CameraOptions* o) { o->exposure_drift = std::nanf(""); });
  names("drift_period_s", [](CameraOptions* o) { o->drift_period_s = 0; });
  names("exposure_settle_s", [](CameraOptions* o) { o->exposure_settle_s = 0; });
  names("white_balance_k", [](CameraOptions* o) { o->white_balance_k = 2000; });
  names("white_balance_drift", [](CameraOptions* o) { o->white_balance_drift = 0.3F; });
  names("read_noise", [](CameraOptions* o) { o->read_noise = 0.2F; });
  names("shot_noise", [](CameraOptions* o) { o->shot_noise = -0.01F; });
  names("noise_grain", [](CameraOptions* o) { o->noise_grain = 2; });
  names("shutter_share", [](CameraOptions* o) { o->shutter_share = 1.1F; });
  names("shutter_samples", [](CameraOptions* o) { o->shutter_samples = 0; });
  names("shake_px", [](CameraOptions* o) { o->shake_px = 21; });
  names("shake_rad", [](CameraOptions* o) { o->shake_rad = std::nanf(""); });
  names("compose_scale", [](CameraOptions* o) { o->compose_scale = 1.2F; });
  names("factor", [](CameraOptions* o) { o->exposure_steps = {{1, 5}}; });
  names("exposure step", [](CameraOptions* o) { o->exposure_steps = {{std::nan(""), 2}}; });
  names("ascending", [](CameraOptions* o) { o->lights = {{2, 1, 1}, {1, 1, 1}}; });
  names("lights room", [](CameraOptions* o) { o->lights = {{2, 3, 1}}; });
  names("lights caller", [](CameraOptions* o) { o->lights = {{2, 1, -1}}; });
}

TEST(CameraOptions, TakesItsLimits) {
  EXPECT_EQ(Refusal([](CameraOptions* o) {
              o->exposure_drift = o->white_balance_drift = 0.2F;
              o->read_noise = 0.1F;
              o->shot_noise = 0.02F;
              o->shake_rad = 0.05F;
              o->compose_scale = 1.5F;
              o->exposure_steps = {{1, 0.25F}, {2, 4}};
              o->lights = {{1, 0, 0}, {1, 2, 2}};
            }),
            "");
}

TEST(StateAt, IsNeutralByDefault) {
  CameraOptions options;
  options.exposure_drift = 0;
  const ShotState state = StateAt(options, {5, 7, 1.3});
  for (const float gain : state.gains) EXPECT_EQ(gain, 1.0F);
  EXPECT_EQ(state.room_light, 1.0F);
  EXPECT_EQ(state.caller_light, 1.0F);
  EXPECT_EQ(state.shake.dx_px, 0.0F);
  EXPECT_EQ(state.shake.roll_rad, 0.0F);
}

TEST(StateAt, ExposureJumpsAndSettlesExponentially) {
  CameraOptions options;
  options.exposure_drift = 0;
  options.exposure_settle_s = 0.5F;
  options.exposure_steps = {{2.0, 1.8F}};
  const auto gain = [&](double time_s) { return StateAt(options, {1, 0, time_s}).gains[1]; };
  EXPECT_EQ(gain(1.999), 1.0F);
  EXPECT_FLOAT_EQ(gain(2.0), 1.8F);
  EXPECT_NEAR(gain(2.5), 1.0 + 0.8 * std::exp(-1.0), 1e-5);
  EXPECT_NEAR(gain(8.0), 1.0, 1e-4);
}

TEST(StateAt, LightsStayAsLastSwitched) {
  CameraOptions options;
  options.lights = {{1.0, 0.2F, 0.5F}, {3.0, 1.0F, 0.9F}};
  EXPECT_EQ(StateAt(options, {1, 0, 0.9}).room_light, 1.0F);
  EXPECT_EQ(StateAt(options, {1, 0, 1.0}).room_light, 0.2F);
  EXPECT_EQ(StateAt(options, {1, 0, 2.9}).caller_light, 0.5F);
  EXPECT_EQ(StateAt(options, {1, 0, 3.5}).caller_light, 0.9F);
}

TEST(StateAt, WhiteBalanceGoesFromBlueToWarm) {
  CameraOptions options;
  options.exposure_drift = 0;
  float before = 0;
  for (const float kelvin : {3000.0F, 4500.0F, 6504.0F, 8000.0F, 12000.0F}) {
    options.white_balance_k = kelvin;
    const ShotState state = StateAt(options, {});
    EXPECT_EQ(state.gains[1], 1.0F) << "green keeps the brightness";
    const float warmth = state.gains[2] / state.gains[0];
    EXPECT_GT(warmth, 1.15F * before);
    before = warmth;
    if (kelvin == 6504.0F) {
      EXPECT_EQ(warmth, 1.0F);
    }
  }
  EXPECT_TRUE(before > 1.5F && before < 3.0F) << before;
}

TEST(StateAt, WhiteBalanceDriftIsSeededSlowAndBounded) {
  CameraOptions options;
  options.exposure_drift = 0;
  options.white_balance_drift = 0.1F;
  float least = 2, most = 0, step = 0, before = StateAt(options, {1, 0, 0}).gains[2];
  for (int i = 0; i < 3000; ++i) {
    const ShotState state = StateAt(options, {1, i, i * 0.04});
    EXPECT_EQ(state.gains[1], 1.0F);
    least = std::min(least, state.gains[2]);
    most = std::max(most, state.gains[2]);
    step = std::max(step, std::abs(state.gains[2] - before));
    before = state.gains[2];
  }
  EXPECT_TRUE(least >= 0.9F && least < 0.95F) << least;
  EXPECT_TRUE(most <= 1.1F && most > 1.05F) << most;
  EXPECT_LT(step, 0.006F);
  EXPECT_NE(StateAt(options, {1, 0, 5}).gains[2], StateAt(options, {2, 0, 5}).gains[2]);
}

TEST(ShakeAt, IsSeededContinuousAndBounded) {
  CameraOptions options;
  options.shake_px = 3;
  options.shake_rad = 0.01F;
  float most = 0;
  Shake before = ShakeAt(options, 1, 0);
  for (int i = 1; i < 20000; ++i) {
    const Shake now = ShakeAt(options, 1, i * 0.001);
    ASSERT_LE(std::abs(now.dx_px), 3.0F);
    ASSERT_LE(std::abs(now.dy_px), 3.0F);
    ASSERT_LE(std::abs(now.roll_rad), 0.01F);
    ASSERT_LT(std::abs(now.dx_px - before.dx_px), 0.06F) << i;
    most = std::max(most, std::abs(now.dx_px));
    before = now;
  }
  EXPECT_GT(most, 2.0F);
  EXPECT_NE(ShakeAt(options, 1, 3).dx_px, ShakeAt(options, 2, 3).dx_px);
  EXPECT_NE(ShakeAt(options, 1, 3).dx_px, ShakeAt(options, 1, 3).dy_px);
}

TEST(ShutterTimes, SpreadEvenlyAboutTheFrame) {
  CameraOptions options;
  EXPECT_EQ(ShutterTimes(options, 2.0, 25), std::vector<double>{2.0});
  options.shutter_share = 0.5F;
  EXPECT_EQ(ShutterTimes(options, 2.0, 25), std::vector<double>{2.0}) << "one sample does not blur";
  options.shutter_samples = 4;
  const std::vector<double> times = ShutterTimes(options, 2.0, 25);
  ASSERT_EQ(times.size(), 4U);
  EXPECT_NEAR((times[0] + times[3]) / 2, 2.0, 1e-12);
  for (int i = 1; i < 4; ++i) EXPECT_NEAR(times[i] - times[i - 1], 0.5 / 25 / 4, 1e-12);
}

TEST(SeededExposureSteps, AreValidAndSeeded) {
  CameraOptions options;
  options.exposure_steps = SeededExposureSteps(3, 60, 6, 0.5F);
  EXPECT_EQ(options.exposure_steps.size(), 10U);
  EXPECT_TRUE(options.Validate().ok());
  int up = 0;
  for (const ExposureStep& step : options.exposure_steps) {
    EXPECT_GE(std::abs(std::log(step.factor)), std::log(1.19F));
    EXPECT_LE(std::abs(std::log(step.factor)), std::log(1.51F));
    up += step.factor > 1 ? 1 : 0;
  }
  EXPECT_TRUE(up > 0 && up < 10) << up;
  EXPECT_NE(SeededExposureSteps(4, 60, 6, 0.5F)[0].time_s, options.exposure_steps[0].time_s);
}

}  // namespace
}  // namespace peekproof::testbed
