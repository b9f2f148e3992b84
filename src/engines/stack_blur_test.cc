// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/stack_blur.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engines/testing.h"

namespace peekproof::engines {
namespace {

cv::Mat1b StackBlurSlowly(const cv::Mat1b& picture, int radius, int dy, int dx) {
  cv::Mat1b blurred(picture.size());
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      int sum = 0;
      for (int k = -radius; k <= radius; ++k) {
        sum += (radius + 1 - std::abs(k)) * picture(std::clamp(y + k * dy, 0, picture.rows - 1),
                                                    std::clamp(x + k * dx, 0, picture.cols - 1));
      }
      blurred(y, x) = static_cast<uint8_t>(sum / ((radius + 1) * (radius + 1)));
    }
  }
  return blurred;
}

TEST(StackBlurTest, EqualsTheSlowTwin) {
  for (const cv::Size size : {cv::Size(64, 36), cv::Size(33, 50), cv::Size(5, 3), cv::Size(1, 1)}) {
    for (const int radius : {0, 1, 4, 7}) {
      cv::Mat1b picture;
      cv::extractChannel(RandomColors(size, 9), picture, 0);
      const cv::Mat1b slow = StackBlurSlowly(StackBlurSlowly(picture, radius, 0, 1), radius, 1, 0);
      StackBlur(radius).Apply(&picture);
      EXPECT_EQ(cv::norm(picture, slow, cv::NORM_INF), 0) << size << " radius " << radius;
    }
  }
}

TEST(StackBlurTest, SpreadsASteepEdgeByTheTriangle) {
  cv::Mat1b picture(9, 30, uint8_t{0});
  picture.colRange(15, 30) = 250;
  StackBlur(4).Apply(&picture);
  // 250 / 25 = 10 times the triangle's running sum 1, 3, 6, 10, 15, 19, 22, 24, 25.
  const int expected[] = {0, 10, 30, 60, 100, 150, 190, 220, 240, 250};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(picture(4, 10 + i), expected[i]) << i;
}

}  // namespace
}  // namespace peekproof::engines
