// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/backdrop_model.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "base/random.h"

namespace peekproof::testbed {
namespace {

TEST(BackdropDistanceTest, IsTheSlowTwins) {
  BackdropModel model;
  model.noise = {0.5F, 2.0F, 4.0F};
  const cv::Size size(37, 5);
  cv::Mat3b bgr(size);
  model.ycrcb.create(size);
  RowRandom random(7, 0, 0);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (int c = 0; c < 3; ++c) {
        bgr(y, x)[c] = cv::saturate_cast<uint8_t>(128 + 60 * random.Normal());
        model.ycrcb(y, x)[c] = static_cast<float>(128 + 60 * random.Normal());
      }
  cv::Mat1f distance;
  BackdropDistance(model, bgr, &distance);
  cv::Mat3b ycrcb;
  cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
  const std::array<double, 3> noise{1.5, 2, 4};  // Not below 1.5 steps.
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      double sum = 0;
      for (int c = 0; c < 3; ++c)
        sum += std::pow((ycrcb(y, x)[c] - static_cast<double>(model.ycrcb(y, x)[c])) / noise[c], 2);
      EXPECT_NEAR(distance(y, x), std::sqrt(sum), 1e-3 * std::sqrt(sum));
    }
}

TEST(BackdropDistanceTest, AnotherHueIsNeverBackdrop) {
  BackdropModel model;
  model.hue = {0, 1};  // Along Cb: a blue screen.
  model.least_hue = 10;
  cv::Mat3b bgr(1, 2);
  bgr(0, 0) = {200, 90, 20};
  bgr(0, 1) = {20, 90, 200};
  cv::Mat3b ycrcb;
  cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
  ycrcb.convertTo(model.ycrcb, CV_32F);
  cv::Mat1f distance;
  BackdropDistance(model, bgr, &distance);
  EXPECT_EQ(distance(0, 0), 0);
  EXPECT_GE(distance(0, 1), 1000);
}

TEST(FitBackdropTest, DoesNotLeanTowardsAPersonWhereItIsFree) {
  cv::Mat3b frame(160, 200);
  RowRandom random(3, 0, 0);
  for (int y = 0; y < frame.rows; ++y)
    for (int x = 0; x < frame.cols; ++x) {
      const double light = 1 - 0.3 * x / frame.cols - 0.2 * y / frame.rows;  // Falls to one side.
      const bool person = y > 60 && std::abs(x - 100) < 20 + (y - 60);
      const cv::Vec3d colour = person ? cv::Vec3d(110, 130, 170 - 0.2 * y) : cv::Vec3d(230, 170, 30) * light;
      for (int c = 0; c < 3; ++c) frame(y, x)[c] = cv::saturate_cast<uint8_t>(colour[c] + random.Normal());
    }
  const auto model = FitBackdrop({frame}, {});
  ASSERT_TRUE(model.ok()) << model.error().message;
  cv::Mat1f distance;
  BackdropDistance(*model, frame, &distance);
  for (int x = 85; x < 115; ++x)
    for (int y = 70; y < frame.rows; ++y) EXPECT_GE(distance(y, x), 1000) << x << " " << y;
  EXPECT_LT(distance(20, 30), 6);
}

}  // namespace
}  // namespace peekproof::testbed
