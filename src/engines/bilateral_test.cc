// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/bilateral.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "engines/testing.h"

namespace peekproof::engines {
namespace {

/// A soft mask with uniform places, or noise everywhere.
cv::Mat1b MaskOf(cv::Size size, bool noisy) {
  cv::Mat1b mask;
  PortraitMask(size, 9.0F).convertTo(mask, CV_8U, 255.0);
  if (!noisy) return mask;
  cv::Mat1b noise;
  cv::extractChannel(RandomColors(size, 3), noise, 0);
  return noise;
}

const cv::Size kMaskSizes[] = {{320, 180}, {131, 67}, {64, 5}, {3, 70}, {1, 9}, {1, 1}};

TEST(MaskBilateralTest, AgreesWithOpenCv) {
  for (const cv::Size size : kMaskSizes) {
    for (const bool noisy : {false, true}) {
      for (const BilateralOptions& options : {BilateralOptions{}, BilateralOptions{9, 60.0F, 2.0F}}) {
        const cv::Mat1b mask = MaskOf(size, noisy);
        cv::Mat1b filtered;
        MaskBilateral(options).Apply(mask, &filtered);
        cv::Mat1b twin;
        cv::bilateralFilter(mask, twin, options.diameter, static_cast<double>(options.sigma_color),
                            static_cast<double>(options.sigma_space));
        // Sums in another order: a value next to x.5 may round the other way.
        EXPECT_LE(cv::norm(filtered, twin, cv::NORM_INF), 1) << size;
        EXPECT_LT(ShareBeyond(filtered, twin, 0), 2e-4) << size;
      }
    }
  }
}

TEST(MaskBilateralTest, KeepsAHighEdgeAndSmoothsALowOne) {
  cv::Mat1b mask(9, 20, uint8_t{0});
  mask.colRange(10, 20) = uint8_t{255};
  cv::Mat1b filtered;
  MaskBilateral({}).Apply(mask, &filtered);
  EXPECT_EQ(cv::norm(filtered, mask, cv::NORM_INF), 0);
  mask.colRange(10, 20) = uint8_t{20};
  MaskBilateral({}).Apply(mask, &filtered);
  EXPECT_GT(filtered(4, 9), 3);
  EXPECT_LT(filtered(4, 10), 17);
}

TEST(Binomial3Test, EqualsOpenCvsGaussianOfSizeThree) {
  for (const cv::Size size : kMaskSizes) {
    const cv::Mat1b mask = MaskOf(size, true);
    cv::Mat1b filtered;
    Binomial3(mask, &filtered);
    cv::Mat1b twin;
    cv::GaussianBlur(mask, twin, {3, 3}, 0);
    EXPECT_EQ(cv::norm(filtered, twin, cv::NORM_INF), 0) << size;
  }
}

}  // namespace
}  // namespace peekproof::engines
