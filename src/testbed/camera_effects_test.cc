// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "testbed/camera.h"
#include "testbed/camera_compose.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

/// Everything at once.
CameraOptions Busy() {
  CameraOptions options;
  options.white_balance_k = 5000;
  options.white_balance_drift = 0.1F;
  options.exposure_steps = {{0.1, 1.4F}};
  options.lights = {{0.1, 0.6F, 0.8F}};
  options.read_noise = 0.003F;
  options.shot_noise = 0.001F;
  options.noise_grain = 0.5F;
  options.shake_px = 2;
  options.shake_rad = 0.01F;
  options.compose_scale = 1.5F;
  return options;
}

/// A room and a caller without detail finer than several pixels.
template <typename Picture>
Picture Smooth(const Picture& sharp) {
  Picture smooth;
  cv::GaussianBlur(sharp, smooth, {0, 0}, 4, 4, cv::BORDER_REPLICATE);
  return smooth;
}

struct Taken {
  cv::Mat3b bgr;
  cv::Mat1f matte;
};

Taken Take(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
           const ShotTime& time = {}) {
  Taken taken;
  image::AlphaMask matte;
  TakePicture(caller, room, options, time, &taken.bgr, &matte);
  taken.matte = matte.values;
  return taken;
}

/// The whole composed frame, before the lens's blur.
cv::Mat4f Compose(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
                  const ShotState& state) {
  const Composition composition(caller, room, options, state);
  ComposeScratch scratch(composition);
  cv::Mat4f frame(composition.frame);
  for (int y = 0; y < frame.rows; ++y)
    ComposeRow(composition, y, &scratch, reinterpret_cast<float*>(frame[y]));
  return frame;
}

TEST(AverageDrawings, AStaticCallerStaysItself) {
  const cv::Mat4f caller = RandomCaller({40, 30});
  for (const size_t count : {1U, 3U, 7U}) {
    const std::vector<cv::Mat4f> drawings(count, caller);
    EXPECT_TRUE(SameBytes(AverageDrawings(drawings), caller)) << count;
  }
}

TEST(AverageDrawings, MeanOfDrawingsComposedIsMeanOfComposed) {
  const cv::Mat3f room = RandomRoom({40, 30});
  std::vector<cv::Mat4f> drawings;
  cv::Mat4f sum(30, 40, cv::Vec4f(0, 0, 0, 0));
  for (uint64_t k = 0; k < 5; ++k) {
    drawings.push_back(RandomCaller({40, 30}, k));
    sum += Compose(drawings.back(), room, Still(), {});
  }
  const cv::Mat4f composed = Compose(AverageDrawings(drawings), room, Still(), {});
  EXPECT_LE(cv::norm(composed, sum / 5.0, cv::NORM_INF), 2e-6);
}

TEST(ComposeRow, AtAScaleIsTheMeanOverEachPixelsArea) {
  for (const float scale : {1.5F, 2.0F, 3.0F, 4.0F}) {
    CameraOptions options = Still();
    options.compose_scale = scale;
    const cv::Size frame(20, 14);
    const cv::Size large(cvRound(20 * scale), cvRound(14 * scale));
    const cv::Mat3f room = RandomRoom(large);
    const cv::Mat4f caller = RandomCaller(large);
    const cv::Mat4f composed = Compose(caller, room, options, {});
    ASSERT_EQ(composed.size(), frame);
    // Every large pixel as 2 x 2 equal ones, of which 2 scale x 2 scale whole ones make a pixel.
    const cv::Mat4f full = Compose(caller, room, Still(), {});
    cv::Mat4f doubled, mean;
    cv::resize(full, doubled, {}, 2, 2, cv::INTER_NEAREST);
    const int side = cvRound(2 * scale);
    for (int y = 0; y < frame.height; ++y)
      for (int x = 0; x < frame.width; ++x) {
        const cv::Scalar expected = cv::mean(doubled(cv::Rect(x * side, y * side, side, side)));
        for (int c = 0; c < 4; ++c)
          ASSERT_NEAR(composed(y, x)[c], expected[c], 2e-6) << scale << " at " << x << ", " << y;
      }
  }
}

TEST(ComposeRow, TakesARoomThatIsNotQuiteAMultiple) {
  CameraOptions options = Still();
  options.compose_scale = 1.5F;
  const cv::Mat3f room(cv::Size(32, 31), cv::Vec3f(0.4F, 0.5F, 0.6F));
  const cv::Mat4f composed = Compose({}, room, options, {});
  EXPECT_EQ(composed.size(), cv::Size(21, 21));
  for (const cv::Vec4f& pixel : composed) EXPECT_LE(cv::norm(pixel - cv::Vec4f(0.4F, 0.5F, 0.6F, 0)), 1e-6);
}

TEST(Shake, OfZeroIsIdentity) {
  const cv::Mat3f room = RandomRoom({64, 36});
  const cv::Mat4f caller = RandomCaller({32, 18});
  CameraOptions options = Still();
  EXPECT_TRUE(
      SameBytes(Take(caller, room, options, {1, 2, 0.3}).bgr, Take(caller, room, options, {9, 2, 7}).bgr));
  // Far below a pixel, the moved path has to agree with the still one.
  ShotState almost;
  almost.shake.roll_rad = 1e-7F;
  EXPECT_LE(
      cv::norm(Compose(caller, room, options, almost), Compose(caller, room, options, {}), cv::NORM_INF),
      1e-4);
}

TEST(Shake, AWholePixelMovesThePictureAndRepeatsTheEdge) {
  const cv::Mat3f room = RandomRoom({50, 40});
  const cv::Mat4f caller = RandomCaller({50, 40});
  ShotState state;
  state.shake = {3, -2, 0};
  const cv::Mat4f still = Compose(caller, room, Still(), {});
  const cv::Mat4f moved = Compose(caller, room, Still(), state);
  EXPECT_LE(cv::norm(moved(cv::Rect(3, 0, 47, 38)), still(cv::Rect(0, 2, 47, 38)), cv::NORM_INF), 1e-5);
  for (int x = 0; x < 3; ++x)
    EXPECT_LE(cv::norm(moved(10, x) - still(12, 0)), 1e-5) << "the left edge goes on";
  for (int y = 38; y < 40; ++y) EXPECT_LE(cv::norm(moved(y, 20) - still(39, 17)), 1e-5);
}

TEST(Shake, EqualsAWarpByTheReportedTransform) {
  for (const float scale : {1.0F, 2.0F}) {
    CameraOptions options = Still();
    options.compose_scale = scale;
    const cv::Size frame(80, 60);
    const cv::Size large(cvRound(80 * scale), cvRound(60 * scale));
    const cv::Mat3f room = Smooth(RandomRoom(large));
    const cv::Mat4f caller = Smooth(RandomCaller(large));
    ShotState state;
    state.shake = {1.3F, -0.6F, 0.04F};
    const cv::Mat4f moved = Compose(caller, room, options, state);
    const cv::Mat4f still = Compose(caller, room, options, {});
    // As documented: centre + R (p - centre) + d, in coordinates whose pixel centres lie at halves.
    const double c = std::cos(0.04), s = std::sin(0.04);
    const double middle_x = 39.5, middle_y = 29.5;
    const cv::Mat1d matrix = (cv::Mat1d(2, 3) << c, -s, middle_x - c * middle_x + s * middle_y + 1.3, s, c,
                              middle_y - s * middle_x - c * middle_y - 0.6);
    cv::Mat4f warped;
    cv::warpAffine(still, warped, matrix, frame, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    const cv::Rect inside(6, 6, 68, 48);
    const double off = cv::norm(moved(inside), warped(inside), cv::NORM_L2);
    const double moved_by = cv::norm(moved(inside), still(inside), cv::NORM_L2);
    EXPECT_LT(off, 0.05 * moved_by) << scale << ": " << off << " of " << moved_by;
  }
}

TEST(Lights, ActOnRoomAndCallerApart) {
  const cv::Mat3f room = RandomRoom({30, 20});
  const cv::Mat4f caller = RandomCaller({30, 20});
  ShotState state;
  state.room_light = 0.25F;
  state.caller_light = 0.5F;
  const cv::Mat4f lit = Compose(caller, room, Still(), {});
  const cv::Mat4f dim = Compose(caller, room, Still(), state);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 30; ++x) {
      EXPECT_EQ(dim(y, x)[3], lit(y, x)[3]);
      for (int c = 0; c < 3; ++c)
        EXPECT_NEAR(dim(y, x)[c], 0.5F * caller(y, x)[c] + 0.25F * (1 - caller(y, x)[3]) * room(y, x)[c],
                    1e-6F);
    }
}

TEST(WhiteBalance, ScalesLinearLight) {
  const cv::Mat3f room(cv::Size(16, 9), cv::Vec3f(0.2F, 0.2F, 0.2F));
  CameraOptions options = Still();
  options.white_balance_k = 9000;
  const ShotState state = StateAt(options, {});
  const cv::Vec3b seen = Take({}, room, options).bgr(4, 8);
  const cv::Mat3f scaled(cv::Size(16, 9), cv::Vec3f(0.2F * state.gains[0], 0.2F, 0.2F * state.gains[2]));
  const cv::Vec3b expected = Take({}, scaled, Still()).bgr(4, 8);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(seen[c], expected[c], 1);
  EXPECT_GT(seen[2], seen[1] + 5);
  EXPECT_LT(seen[0], seen[1] - 5);
}

TEST(SensorNoise, HasTheModelsVarianceInLinearLight) {
  for (const float level : {0.05F, 0.2F, 0.5F}) {
    const cv::Mat3f room(cv::Size(320, 180), cv::Vec3f(level, level, level));
    CameraOptions options = Still();
    options.read_noise = 0.004F;
    options.shot_noise = 0.0008F;
    const cv::Mat3f linear = LinearFromSrgb(Take({}, room, options, {3, 4, 0}).bgr);
    cv::Scalar mean, deviation;
    cv::meanStdDev(linear, mean, deviation);
    // Rounding to 8 bits adds 1/12 of a squared step, and a step in linear light is as wide as the curve's
    // slope says.
    const double srgb = 1.055 * std::pow(double(level), 1 / 2.4) - 0.055;
    const double step = 2.4 / 1.055 * std::pow((srgb + 0.055) / 1.055, 1.4) / 255;
    const double variance = 0.004 * 0.004 + 0.0008 * double(level) + step * step / 12;
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(deviation[c] * deviation[c] / variance, 1.0, 0.04) << level;
      EXPECT_NEAR(mean[c], level, 0.004 * double(level) + 0.5 * step) << level;
    }
  }
}

TEST(SensorNoise, GrainTiesNeighboursAndKeepsTheVariance) {
  const cv::Mat3f room(cv::Size(320, 180), cv::Vec3f(0.2F, 0.2F, 0.2F));
  for (const float grain : {0.0F, 0.4F, 1.0F}) {
    CameraOptions options = Still();
    options.read_noise = 0.03F;
    options.noise_grain = grain;
    cv::Mat3f noise = LinearFromSrgb(Take({}, room, options, {3, 4, 0}).bgr);
    noise -= cv::mean(noise);
    // Of the true variance, the curve's bend and rounding change little at this strength.
    const double variance = noise.dot(noise) / (3.0 * room.size().area());
    EXPECT_NEAR(variance / (0.03 * 0.03), 1.0, 0.05) << grain;
    const double expected = 2.0 * double(grain) / (1.0 + 2.0 * double(grain) * double(grain));
    const cv::Rect here(0, 0, 319, 179), across(1, 0, 319, 179), down(0, 1, 319, 179);
    const double pixels = 3.0 * here.area() * variance;
    EXPECT_NEAR(noise(here).dot(noise(across)) / pixels, expected, 0.02) << grain;
    EXPECT_NEAR(noise(here).dot(noise(down)) / pixels, expected, 0.02) << grain;
  }
}

TEST(SensorNoise, IsOfTheFrameAndLeavesTheMatteAlone) {
  const cv::Mat3f room = RandomRoom({64, 36});
  const cv::Mat4f caller = RandomCaller({64, 36});
  CameraOptions noisy = Still();
  noisy.read_noise = 0.02F;
  const Taken first = Take(caller, room, noisy, {1, 1, 0});
  EXPECT_TRUE(SameBytes(first.bgr, Take(caller, room, noisy, {1, 1, 0}).bgr));
  EXPECT_FALSE(SameBytes(first.bgr, Take(caller, room, noisy, {1, 2, 0}).bgr));
  EXPECT_FALSE(SameBytes(first.bgr, Take(caller, room, noisy, {2, 1, 0}).bgr));
  EXPECT_TRUE(SameBytes(first.matte, Take(caller, room, Still()).matte));
}

TEST(TakePicture, WithEverythingOnDoesNotDependOnThreads) {
  const cv::Mat3f room = RandomRoom({240, 150});
  const cv::Mat4f caller = RandomCaller({100, 75});
  Taken one, four;
  {
    const ThreadLimit limit(1);
    one = Take(caller, room, Busy(), {1, 5, 0.2});
  }
  {
    const ThreadLimit limit(4);
    four = Take(caller, room, Busy(), {1, 5, 0.2});
  }
  EXPECT_EQ(one.bgr.size(), cv::Size(160, 100));
  EXPECT_TRUE(SameBytes(one.bgr, four.bgr));
  EXPECT_TRUE(SameBytes(one.matte, four.matte));
}

TEST(TakePicture, WithEverythingOnKeepsTheMatteInRange) {
  for (const cv::Size size : {cv::Size(96, 63), cv::Size(3, 3), cv::Size(2, 60)}) {
    const Taken taken = Take(RandomCaller({17, 9}), RandomRoom(size), Busy(), {1, 5, 0.2});
    for (const float alpha : taken.matte) ASSERT_TRUE(alpha >= 0 && alpha <= 1) << alpha;
  }
}

TEST(TrueRoomPicture, TakesALargeRoom) {
  const cv::Mat3f room(cv::Size(60, 30), cv::Vec3f(0.1F, 0.2F, 0.3F));
  const cv::Mat3b picture = TrueRoomPicture(room, 1.5F);
  EXPECT_EQ(picture.size(), cv::Size(40, 20));
  EXPECT_EQ(picture(3, 3), TrueRoomPicture(room)(3, 3));
}

}  // namespace
}  // namespace peekproof::testbed
