// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/joint_bilateral.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

double Gaussian(double x, double sigma) { return std::exp(-0.5 * x * x / (sigma * sigma * 4 + 1e-6)); }

/// The shader's steps (engines notes 1.1) for one pixel, texture coordinates and all.
double FilterPixelSlowly(const JointBilateralOptions& options, const cv::Mat1b& coarse,
                         const cv::Mat3b& guide, int x, int y) {
  const float radius =
      options.sigma_space * std::max(static_cast<float>(guide.cols) / static_cast<float>(coarse.cols),
                                     static_cast<float>(guide.rows) / static_cast<float>(coarse.rows));
  const float step = std::max(1.0F, std::sqrt(radius) * 0.66F);
  const float offset = step > 1.0F ? step * 0.5F : 0.0F;
  const double sigma_texel = std::max(1.0 / guide.cols, 1.0 / guide.rows) * static_cast<double>(radius);
  const auto texel = [](double position, int size) {
    return std::clamp(static_cast<int>(std::floor(position * size)), 0, size - 1);
  };
  const cv::Vec3b centre = guide(y, x);
  double total = 0;
  double sum = 0;
  for (float i = -radius + offset; i <= radius; i += step) {
    for (float j = -radius + offset; j <= radius; j += step) {
      const double u = (x + 0.5 + static_cast<double>(j)) / guide.cols;
      const double v = (y + 0.5 + static_cast<double>(i)) / guide.rows;
      const cv::Vec3b color = guide(texel(v, guide.rows), texel(u, guide.cols));
      const double distance =
          std::hypot(static_cast<double>(j) / guide.cols, static_cast<double>(i) / guide.rows);
      double squared = 0;
      for (int c = 0; c < 3; ++c) squared += std::pow((color[c] - centre[c]) / 255.0, 2);
      const double weight = Gaussian(distance, sigma_texel) *
                            Gaussian(std::sqrt(squared), static_cast<double>(options.sigma_color));
      total += weight;
      sum += weight * coarse(texel(v, coarse.rows), texel(u, coarse.cols));
    }
  }
  return sum / total;
}

void ExpectEqualsJointTwin(const JointBilateralOptions& options, const cv::Mat1b& coarse,
                           const cv::Mat3b& guide) {
  JointBilateralUpsampler upsampler(options);
  cv::Mat1b refined;
  upsampler.Apply(coarse, guide, &refined);
  ASSERT_EQ(refined.size(), guide.size());
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      // Rounded to nearest, but for the polynomial's error.
      ASSERT_NEAR(refined(y, x), FilterPixelSlowly(options, coarse, guide, x, y), 0.502)
          << guide.size() << " from " << coarse.size() << " at " << x << ", " << y;
    }
  }
}

TEST(JointBilateralTest, EqualsTheSlowTwinAtManySizes) {
  for (const cv::Size size : {cv::Size(320, 180), cv::Size(131, 75), cv::Size(64, 8), cv::Size(65, 9),
                              cv::Size(40, 90), cv::Size(7, 5), cv::Size(1, 1)}) {
    for (const cv::Size coarse : {cv::Size(64, 36), cv::Size(32, 32), cv::Size(9, 5)}) {
      ExpectEqualsJointTwin({}, CoarsePortrait(coarse, 2.5F), SmoothColors(size, 7));
    }
  }
}

TEST(JointBilateralTest, EqualsTheSlowTwinOnNoise) {
  cv::Mat3b noise = RandomColors({24, 16}, 5);
  cv::Mat1b coarse;
  cv::extractChannel(noise, coarse, 0);
  ExpectEqualsJointTwin({}, coarse, RandomColors({150, 100}, 6));
  ExpectEqualsJointTwin({2.0F, 0.02F}, coarse, SmoothColors({90, 70}, 6));
  ExpectEqualsJointTwin({0.5F, 1.0F}, coarse, SmoothColors({90, 70}, 8));
}

TEST(JointBilateralTest, HasSevenBySevenTapsFromLandscapeTo720p) {
  // A single set mask pixel reaches exactly the output pixels whose taps fall on it: with integer scale 5 and
  // taps at -4, -3, -1, 0, 2, 3, 5, these are columns 5 m - 5 to 5 m + 8. On a plain frame all weigh > 0.2.
  cv::Mat1b coarse(144, 256, uint8_t{0});
  coarse(70, 100) = 255;
  JointBilateralUpsampler upsampler({});
  cv::Mat1b refined;
  upsampler.Apply(coarse, cv::Mat3b(720, 1280, cv::Vec3b(90, 90, 90)), &refined);
  std::vector<cv::Point> set;
  cv::findNonZero(refined, set);
  int low_x = 1280;
  int high_x = 0;
  for (const cv::Point& point : set) {
    low_x = std::min(low_x, point.x);
    high_x = std::max(high_x, point.x);
  }
  EXPECT_EQ(low_x, 495);
  EXPECT_EQ(high_x, 508);
}

TEST(JointBilateralTest, FollowsTheFramesEdgeInsideItsReach) {
  // The mask's edge is at column 100, the frame's two pixels further left: the frame's wins.
  cv::Mat1b coarse(36, 64, uint8_t{0});
  coarse.colRange(20, 64) = 255;
  cv::Mat3b guide(180, 320, cv::Vec3b(20, 20, 20));
  guide.colRange(98, 320) = cv::Vec3b(220, 220, 220);
  JointBilateralUpsampler upsampler({});
  cv::Mat1b refined;
  upsampler.Apply(coarse, guide, &refined);
  EXPECT_GT(refined(90, 98), 128);
  EXPECT_LT(refined(90, 97), 128);
  EXPECT_EQ(refined(90, 80), 0);
  EXPECT_EQ(refined(90, 120), 255);
}

TEST(JointBilateralTest, UniformMasksStayExact) {
  JointBilateralUpsampler upsampler({});
  for (const uint8_t value : std::initializer_list<uint8_t>{0, 1, 77, 255}) {
    cv::Mat1b refined;
    upsampler.Apply(cv::Mat1b(9, 16, value), RandomColors({160, 90}, value), &refined);
    double low = 0;
    double high = 0;
    cv::minMaxLoc(refined, &low, &high);
    EXPECT_EQ(low, value);
    EXPECT_EQ(high, value);
  }
}

TEST(JointBilateralTest, DoesNotDependOnThreadsOrEarlierFrames) {
  const cv::Mat3b guide = SmoothColors({320, 180}, 7);
  const cv::Mat1b coarse = CoarsePortrait({64, 36}, 3.0F);
  JointBilateralUpsampler fresh({});
  JointBilateralUpsampler used({});
  cv::Mat1b expected;
  cv::Mat1b refined;
  {
    const ThreadLimit limit(1);
    fresh.Apply(coarse, guide, &expected);
  }
  const ThreadLimit limit(3);
  used.Apply(CoarsePortrait({30, 20}, 2.0F), SmoothColors({100, 50}, 3), &refined);
  used.Apply(coarse, guide, &refined);
  EXPECT_EQ(cv::norm(refined, expected, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace peekproof::engines
