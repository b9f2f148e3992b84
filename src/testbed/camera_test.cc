// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/camera.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "base/random.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

/// The definition, by library calls in double precision. `reach` at the border repeats the last pixel.
cv::Mat3b SlowPicture(const cv::Mat4f& caller, const cv::Mat3f& room, cv::Mat1f* matte) {
  cv::Mat4f scaled;
  cv::resize(caller, scaled, room.size(), 0, 0, cv::INTER_LINEAR);
  cv::Mat4f composed(room.size());
  for (int y = 0; y < room.rows; ++y)
    for (int x = 0; x < room.cols; ++x) {
      const cv::Vec4f& f = scaled(y, x);
      for (int c = 0; c < 3; ++c) composed(y, x)[c] = f[c] + (1.0F - f[3]) * room(y, x)[c];
      composed(y, x)[3] = f[3];
    }
  const cv::Mat1f kernel = (cv::Mat1f(3, 1) << 0.22F, 0.56F, 0.22F);
  cv::sepFilter2D(composed, composed, -1, kernel, kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
  matte->create(room.size());
  cv::Mat3b bgr(room.size());
  for (int y = 0; y < room.rows; ++y)
    for (int x = 0; x < room.cols; ++x) {
      (*matte)(y, x) = composed(y, x)[3];
      for (int c = 0; c < 3; ++c) {
        double v = static_cast<double>(composed(y, x)[c]);
        if (v > 0.7) v = 0.7 + 0.3 * (1 - std::exp(-(v - 0.7) / 0.3));
        v = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
        bgr(y, x)[c] = cv::saturate_cast<uint8_t>(255 * v);
      }
    }
  return bgr;
}

TEST(TakePicture, EqualsItsDefinition) {
  for (const cv::Size size : {cv::Size(97, 61), cv::Size(64, 36), cv::Size(1, 1), cv::Size(3, 70)}) {
    const cv::Mat3f room = RandomRoom(size);
    const cv::Mat4f caller = RandomCaller({std::max(1, size.width / 2), std::max(1, size.height / 2)});
    cv::Mat3b picture;
    image::AlphaMask matte;
    TakePicture(caller, room, Still(), {}, &picture, &matte);
    cv::Mat1f slow_matte;
    const cv::Mat3b slow = SlowPicture(caller, room, &slow_matte);
    EXPECT_LE(cv::norm(picture, slow, cv::NORM_INF), 1) << size;
    EXPECT_LE(cv::norm(matte.values, slow_matte, cv::NORM_INF), 1e-5) << size;
  }
}

TEST(TakePicture, ShowsTheTrueRoomWhereNobodyIs) {
  const cv::Size size(64, 36);
  const cv::Mat3f room = RandomRoom(size);
  cv::Mat3b picture;
  image::AlphaMask matte;
  cv::Mat4f caller(size, cv::Vec4f(0, 0, 0, 0));
  caller(cv::Rect(0, 0, 20, 36)).setTo(cv::Vec4f(0.5F, 0.1F, 0.2F, 1.0F));
  TakePicture(caller, room, Still(), {}, &picture, &matte);
  const cv::Mat3b truth = TrueRoomPicture(room);
  int clear = 0;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      if (matte.values(y, x) == 0.0F) {
        ++clear;
        ASSERT_EQ(picture(y, x), truth(y, x));
      }
  EXPECT_EQ(clear, (64 - 21) * 36);
}

TEST(TakePicture, NoiseHasTheStatedStrength) {
  const cv::Mat3f room(cv::Size(320, 180), cv::Vec3f(0.2F, 0.2F, 0.2F));
  CameraOptions options = Still();
  options.noise_sigma = 4;
  cv::Mat3b first, second;
  image::AlphaMask matte;
  TakePicture({}, room, options, {7, 0, 0}, &first, &matte);
  TakePicture({}, room, options, {7, 1, 0}, &second, &matte);
  cv::Scalar mean, deviation;
  cv::meanStdDev(first, mean, deviation);
  for (int c = 0; c < 3; ++c) {
    // Quantisation adds 1/12 to the variance.
    EXPECT_NEAR(deviation[c], std::sqrt(16.0 + 1.0 / 12.0), 0.05);
    EXPECT_NEAR(mean[c], TrueRoomPicture(room)(0, 0)[c], 0.6);
  }
  EXPECT_GT(cv::norm(first, second, cv::NORM_L1), 0) << "frames have noise of their own";
}

TEST(TakePicture, DoesNotDependOnThreads) {
  const cv::Mat3f room = RandomRoom({200, 150});
  const cv::Mat4f caller = RandomCaller({100, 75});
  cv::Mat3b one, four;
  image::AlphaMask matte;
  {
    const ThreadLimit limit(1);
    TakePicture(caller, room, CameraOptions(), {1, 5, 0.2}, &one, &matte);
  }
  {
    const ThreadLimit limit(4);
    TakePicture(caller, room, CameraOptions(), {1, 5, 0.2}, &four, &matte);
  }
  EXPECT_EQ(std::memcmp(one.data, four.data, one.total() * 3), 0);
}

TEST(LinearFromSrgb, IsUndoneByTheCamera) {
  cv::Mat3b ramp(3, 180 * 3);
  for (int x = 0; x < ramp.cols; ++x)
    for (int y = 0; y < 3; ++y) ramp(y, x) = cv::Vec3b::all(static_cast<uint8_t>(x / 3));
  // 180 lies below the knee (0.46 linear). Steps are three wide, so the blur leaves their centres alone.
  const cv::Mat3b picture = TrueRoomPicture(LinearFromSrgb(ramp));
  for (int x = 1; x < ramp.cols; x += 3) EXPECT_NEAR(picture(1, x)[0], ramp(1, x)[0], 1) << x;
}

}  // namespace
}  // namespace peekproof::testbed
