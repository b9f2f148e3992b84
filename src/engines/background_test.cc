// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/background.h"

#include <gtest/gtest.h>

namespace peekproof::engines {
namespace {

const cv::Vec3b kLeft(10, 20, 30);
const cv::Vec3b kMiddle(100, 110, 120);
const cv::Vec3b kRight(200, 210, 220);
const cv::Vec3b kBorder(1, 2, 3);

/// Three upright stripes of 40 x 30 pixels.
cv::Mat3b Stripes() {
  cv::Mat3b picture(30, 120, kMiddle);
  picture.colRange(0, 40) = kLeft;
  picture.colRange(80, 120) = kRight;
  return picture;
}

TEST(BackgroundTest, CoverCutsTheSides) {
  const cv::Mat3b fitted = FitWallpaper(Stripes(), {40, 30}, Fit::kCover).value();
  for (const cv::Vec3b& pixel : fitted) ASSERT_EQ(pixel, kMiddle);
}

TEST(BackgroundTest, ContainKeepsAllAndFillsTheRest) {
  const cv::Mat3b fitted = FitWallpaper(Stripes(), {120, 90}, Fit::kContain, kBorder).value();
  EXPECT_EQ(fitted(29, 60), kBorder);
  EXPECT_EQ(fitted(60, 60), kBorder);
  EXPECT_EQ(fitted(30, 0), kLeft);
  EXPECT_EQ(fitted(59, 119), kRight);
}

TEST(BackgroundTest, StretchKeepsAllOfTheFrame) {
  const cv::Mat3b fitted = FitWallpaper(Stripes(), {60, 60}, Fit::kStretch).value();
  EXPECT_EQ(fitted(0, 0), kLeft);
  EXPECT_EQ(fitted(59, 30), kMiddle);
  EXPECT_EQ(fitted(30, 59), kRight);
}

TEST(BackgroundTest, SameSizeIsACopyForEveryFit) {
  const cv::Mat3b picture = Stripes();
  for (const Fit fit : {Fit::kCover, Fit::kContain, Fit::kStretch}) {
    const cv::Mat3b fitted = FitWallpaper(picture, picture.size(), fit).value();
    EXPECT_EQ(cv::norm(fitted, picture, cv::NORM_INF), 0);
    EXPECT_NE(fitted.data, picture.data);
  }
}

TEST(BackgroundTest, ExtremeShapesWork) {
  const cv::Mat3b thin(1, 1000, kLeft);
  for (const Fit fit : {Fit::kCover, Fit::kContain, Fit::kStretch}) {
    EXPECT_EQ(FitWallpaper(thin, {1, 1}, fit).value()(0, 0), kLeft);
    EXPECT_EQ(FitWallpaper(thin, {3, 200}, fit).value().size(), cv::Size(3, 200));
  }
}

TEST(BackgroundTest, RefusesEmptyPicturesAndUnknownFits) {
  EXPECT_FALSE(FitWallpaper({}, {4, 4}, Fit::kCover).ok());
  EXPECT_FALSE(FitWallpaper(Stripes(), {0, 4}, Fit::kCover).ok());
  EXPECT_EQ(ParseFit("contain").value(), Fit::kContain);
  EXPECT_FALSE(ParseFit("fill").ok());
}

}  // namespace
}  // namespace peekproof::engines
