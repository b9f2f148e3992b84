// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/statistics.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace peekproof::image {
namespace {

TEST(StaticModelMeterTest, TellsAStillPictureFromAMovingOne) {
  const cv::Size size(90, 51);
  StaticModelMeter still(size);
  StaticModelMeter moving(size);
  const cv::Mat3b picture(size, cv::Vec3b(100, 120, 140));
  for (int t = 0; t < 12; ++t) {
    cv::Mat3b noisy(size);
    cv::Mat3b waves(size);
    for (int y = 0; y < size.height; ++y) {
      RowRandom random(1, static_cast<uint64_t>(t), static_cast<uint64_t>(y));
      for (int x = 0; x < size.width; ++x) {
        for (int c = 0; c < 3; ++c) {
          noisy(y, x)[c] = static_cast<uchar>(picture(y, x)[c] + static_cast<int>(random.Next() % 7) - 3);
          waves(y, x)[c] = static_cast<uchar>(picture(y, x)[c] + ((x + 5 * t) / 10 % 3) * 20);
        }
      }
    }
    still.Add(noisy, picture, {});
    moving.Add(waves, picture, {});
  }
  EXPECT_EQ(still.Fit().share, 1.0);
  EXPECT_LT(still.Fit().mean_deviation, 3.0);
  EXPECT_EQ(still.Fit().samples, 12 * 23 * 13);
  EXPECT_LT(moving.Fit().share, 0.5);
  EXPECT_GT(moving.Fit().mean_deviation, 16.0);
}

TEST(StaticModelMeterTest, LooksOnlyWhereTheCallerIsNot) {
  const cv::Size size(8, 4);
  StaticModelMeter meter(size, 10, 4);
  cv::Mat1b caller(size, uchar{0});
  caller.colRange(4, 8) = 255;
  meter.Add(cv::Mat3b(size, cv::Vec3b(9, 9, 9)), cv::Mat3b(size, cv::Vec3b(0, 0, 0)), caller);
  meter.Add(cv::Mat3b(size, cv::Vec3b(0, 11, 0)), cv::Mat3b(size, cv::Vec3b(0, 0, 0)), caller);
  const StaticModelFit fit = meter.Fit();
  EXPECT_EQ(fit.samples, 2);
  EXPECT_EQ(fit.share, 0.5);
  EXPECT_EQ(fit.mean_deviation, 10.0);
  EXPECT_EQ(fit.within(0, 0), 0.5F);
  EXPECT_LT(fit.within(0, 1), 0.0F);
}

TEST(StaticModelMeterTest, NothingSeen) { EXPECT_EQ(StaticModelMeter({5, 5}).Fit().samples, 0); }

}  // namespace
}  // namespace peekproof::image
