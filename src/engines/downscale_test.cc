// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/downscale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "engines/testing.h"

namespace peekproof::engines {
namespace {

TEST(DownscaleTest, NearestTakesThePixelUnderTheCentre) {
  for (const cv::Size size : {cv::Size(1280, 720), cv::Size(641, 359), cv::Size(100, 50), cv::Size(1, 1)}) {
    const cv::Mat3b frame = RandomColors(size, 1);
    cv::Mat3b scaled;
    DownscaleFrame(frame, {256, 144}, Downscale::kNearest, &scaled);
    for (int y = 0; y < scaled.rows; ++y) {
      for (int x = 0; x < scaled.cols; ++x) {
        const int source_y = static_cast<int>(std::floor((y + 0.5) * size.height / 144.0));
        const int source_x = static_cast<int>(std::floor((x + 0.5) * size.width / 256.0));
        ASSERT_EQ(scaled(y, x), frame(source_y, source_x)) << size << " at " << x << ", " << y;
      }
    }
  }
}

TEST(DownscaleTest, PixelatedTakesThePixelBeforeATie) {
  // From 480 rows to 144, centres lie at (i + 1/2) 10 / 3: whole for i = 1, 4, 7 ..., that is 5, 15, 25 ...;
  // from 640 columns to 256 at 5 / 2 (i + 1/2), never whole.
  const cv::Mat3b frame = RandomColors({640, 480}, 2);
  cv::Mat3b scaled;
  DownscaleFrame(frame, {256, 144}, Downscale::kPixelated, &scaled);
  for (int y = 0; y < scaled.rows; ++y) {
    const int source_y = y % 3 == 1 ? (2 * y + 1) * 5 / 3 - 1 : (2 * y + 1) * 5 / 3;
    for (int x = 0; x < scaled.cols; ++x) {
      ASSERT_EQ(scaled(y, x), frame(source_y, (2 * x + 1) * 5 / 4)) << x << ", " << y;
    }
  }
  cv::Mat3b same;
  DownscaleFrame(frame, frame.size(), Downscale::kPixelated, &same);
  EXPECT_EQ(cv::norm(same, frame, cv::NORM_INF), 0);
}

TEST(DownscaleTest, BilinearReadsTwoByTwoPixels) {
  cv::Mat3b frame(4, 8, cv::Vec3b(0, 0, 0));
  frame.colRange(2, 4) = cv::Vec3b(100, 100, 100);
  cv::Mat3b scaled;
  DownscaleFrame(frame, {2, 1}, Downscale::kBilinear, &scaled);  // Centres at x = 1.5 and 5.5, y = 1.5.
  EXPECT_EQ(scaled(0, 0), cv::Vec3b(50, 50, 50));
  EXPECT_EQ(scaled(0, 1), cv::Vec3b(0, 0, 0));
}

TEST(DownscaleTest, BilinearAgreesWithOpenCv) {
  for (const cv::Size size : {cv::Size(1280, 720), cv::Size(641, 359), cv::Size(100, 50), cv::Size(1, 1)}) {
    const cv::Mat3b frame = RandomColors(size, 2);
    for (const cv::Size small : {cv::Size(256, 144), cv::Size(256, 256), cv::Size(33, 57)}) {
      cv::Mat3b scaled;
      DownscaleFrame(frame, small, Downscale::kBilinear, &scaled);
      cv::Mat3b twin;
      cv::resize(frame, twin, small, 0, 0, cv::INTER_LINEAR);
      EXPECT_LE(cv::norm(scaled, twin, cv::NORM_INF), 1) << size << " to " << small;
      // OpenCV drops low bits between its two passes; in float it must be exact to the rounding.
      cv::Mat3f exact;
      frame.convertTo(exact, CV_32F);
      cv::resize(exact, exact, small, 0, 0, cv::INTER_LINEAR);
      cv::Mat3f ours;
      scaled.convertTo(ours, CV_32F);
      EXPECT_LE(cv::norm(ours, exact, cv::NORM_INF), 0.65) << size << " to " << small;
    }
  }
}

}  // namespace
}  // namespace peekproof::engines
