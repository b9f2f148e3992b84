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

}  // namespace
}  // namespace peekproof::testbed
