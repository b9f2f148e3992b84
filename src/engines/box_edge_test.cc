// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/box_edge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

uint8_t At(const cv::Mat1b& mask, int y, int x) {
  return mask(std::clamp(y, 0, mask.rows - 1), std::clamp(x, 0, mask.cols - 1));
}

/// One pass of the shader: every tap read, mean rounded to 8 bit.
cv::Mat1b BoxBlurSlowly(const cv::Mat1b& mask, int radius, int dy, int dx) {
  cv::Mat1b blurred(mask.size());
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      double sum = 0;
      for (int k = -radius; k <= radius; ++k) sum += At(mask, y + k * dy, x + k * dx);
      blurred(y, x) = static_cast<uint8_t>(std::lround(sum / (2 * radius + 1)));
    }
  }
  return blurred;
}

/// The composite shader's steps for one pixel, in [0, 1].
double EdgeSlowly(const cv::Mat1b& background, double softness, int y, int x) {
  const auto value = [&](int row, int column) { return At(background, row, column) / 255.0; };
  const int left = x - x % 2;
  const int top = y - y % 2;
  const double g =
      std::hypot(value(top + 1, left + 1) - value(top + 1, left), value(top + 1, left) - value(top, left));
  const double m = value(y, x);
  if (g == 0.0) return m < 0.5 ? 1.0 : 0.0;
  const double low = 0.5 - softness * g;
  const double t = std::clamp((m - low) / (2.0 * softness * g), 0.0, 1.0);
  return 1.0 - t * t * (3.0 - 2.0 * t);
}

cv::Mat1b Noise(cv::Size size, uint64_t seed) {
  cv::Mat1b noise;
  cv::extractChannel(RandomColors(size, seed), noise, 0);
  return noise;
}

const cv::Size kEdgeSizes[] = {{320, 180}, {131, 75}, {64, 33}, {7, 5}, {2, 90}, {1, 1}};

TEST(BoxBlurTest, EqualsTheSlowTwin) {
  for (const cv::Size size : kEdgeSizes) {
    for (const int radius : {0, 1, 8, 16}) {
      const cv::Mat1b mask = Noise(size, 3);
      cv::Mat1b blurred;
      BoxBlur(radius).Apply(mask, &blurred);
      const cv::Mat1b slow = BoxBlurSlowly(BoxBlurSlowly(mask, radius, 0, 1), radius, 1, 0);
      EXPECT_EQ(cv::norm(blurred, slow, cv::NORM_INF), 0) << size << " radius " << radius;
    }
  }
}

TEST(BoxBlurTest, SpreadsAStepOverItsWidth) {
  cv::Mat1b mask(40, 100, uint8_t{0});
  mask.colRange(50, 100) = 255;
  cv::Mat1b blurred;
  BoxBlur(8).Apply(mask, &blurred);
  EXPECT_EQ(blurred(20, 41), 0);
  EXPECT_EQ(blurred(20, 42), 15);   // 1 of 17 pixels.
  EXPECT_EQ(blurred(20, 50), 135);  // 9 of 17.
  EXPECT_EQ(blurred(20, 57), 240);
  EXPECT_EQ(blurred(20, 58), 255);
}

TEST(EdgeByGradientTest, EqualsTheSlowTwin) {
  for (const cv::Size size : kEdgeSizes) {
    cv::Mat1b background;
    BoxBlur(2).Apply(Noise(size, 4), &background);
    cv::Mat1b caller;
    EdgeByGradient(background, 2.0F, &caller);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        ASSERT_NEAR(caller(y, x), 255.0 * EdgeSlowly(background, 2.0, y, x), 0.501) << size << y << "," << x;
      }
    }
  }
}

TEST(EdgeByGradientTest, NarrowsABlurredStepToFourPixels) {
  cv::Mat1b mask(40, 100, uint8_t{0});
  mask.colRange(50, 100) = 255;
  cv::Mat1b blurred;
  BoxBlur(8).Apply(mask, &blurred);
  cv::Mat1b caller;
  EdgeByGradient(blurred, 2.0F, &caller);
  // m goes by 1/17 a pixel, so the smoothstep reaches 2/17, two pixels, to either side of the edge.
  EXPECT_EQ(caller(20, 47), 255);
  EXPECT_GT(caller(20, 49), 128);
  EXPECT_LT(caller(20, 50), 128);
  EXPECT_EQ(caller(20, 52), 0);
  const cv::Mat1b strip = caller(cv::Rect(45, 20, 10, 1));
  EXPECT_EQ(cv::countNonZero((strip > 0) & (strip < 255)), 4);
}

TEST(EdgeByGradientTest, CutsWhereTheMaskIsFlat) {
  cv::Mat1b caller;
  EdgeByGradient(cv::Mat1b(4, 4, uint8_t{127}), 2.0F, &caller);
  EXPECT_EQ(cv::countNonZero(caller == 255), 16);
  EdgeByGradient(cv::Mat1b(4, 4, uint8_t{128}), 2.0F, &caller);
  EXPECT_EQ(cv::countNonZero(caller), 0);
}

TEST(BoxEdgeTest, DoesNotDependOnTheNumberOfThreads) {
  const cv::Mat1b mask = Noise({200, 190}, 5);
  cv::Mat1b blurred[2];
  cv::Mat1b caller[2];
  for (const int threads : {1, 2}) {
    const ThreadLimit limit(threads);
    BoxBlur(8).Apply(mask, &blurred[threads - 1]);
    EdgeByGradient(blurred[threads - 1], 2.0F, &caller[threads - 1]);
  }
  EXPECT_EQ(cv::norm(blurred[0], blurred[1], cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(caller[0], caller[1], cv::NORM_INF), 0);
}

}  // namespace
}  // namespace peekproof::engines
