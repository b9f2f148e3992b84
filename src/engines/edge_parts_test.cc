// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "engines/feather.h"
#include "engines/gradient_snap.h"
#include "engines/quantize.h"
#include "engines/testing.h"
#include "engines/trimap.h"
#include "engines/window_max.h"

namespace peekproof::engines {
namespace {

/// The compositor's formula at one pixel, taken literally, in double precision.
double SnapTwin(const cv::Mat1f& coarse, const cv::Mat3b& camera, const GradientSnapOptions& options, int x,
                int y) {
  const auto mask = [&](double u, double v) {
    const auto at = [&](int column, int row) {
      return static_cast<double>(
          coarse(std::clamp(row, 0, coarse.rows - 1), std::clamp(column, 0, coarse.cols - 1)));
    };
    const int left = static_cast<int>(std::floor(u));
    const int top = static_cast<int>(std::floor(v));
    return (1 - (v - top)) * ((1 - (u - left)) * at(left, top) + (u - left) * at(left + 1, top)) +
           (v - top) * ((1 - (u - left)) * at(left, top + 1) + (u - left) * at(left + 1, top + 1));
  };
  const double u = (x + 0.5) * coarse.cols / camera.cols - 0.5;
  const double v = (y + 0.5) * coarse.rows / camera.rows - 0.5;
  const double r = std::round(static_cast<double>(options.reach_px) * coarse.cols / camera.cols);
  double blurred = 0;
  for (int j = -1; j <= 1; ++j) {
    for (int i = -1; i <= 1; ++i)
      blurred += (2 - std::abs(i)) * (2 - std::abs(j)) * mask(u + i * r, v + j * r) / 16;
  }
  const auto luma = [&](int column, int row) {
    const cv::Vec3b& p = camera(std::clamp(row, 0, camera.rows - 1), std::clamp(column, 0, camera.cols - 1));
    return (0.114 * p[0] + 0.587 * p[1] + 0.299 * p[2]) / 255;
  };
  const double gradient = std::hypot(luma(x + 1, y) - luma(x - 1, y), luma(x, y + 1) - luma(x, y - 1));
  const double low = static_cast<double>(options.edge_low);
  const double t = std::clamp((gradient - low) / (static_cast<double>(options.edge_high) - low), 0.0, 1.0);
  return blurred + t * t * (3 - 2 * t) * (mask(u, v) - blurred);
}

TEST(GradientSnapTest, EqualsTheCompositorsFormula) {
  struct Case {
    cv::Size frame;
    cv::Size mask;
    float reach_px;
  };
  for (const Case& c : {Case{{320, 180}, {64, 36}, 20}, Case{{211, 103}, {53, 31}, 32},
                        Case{{64, 64}, {64, 64}, 3}, Case{{40, 30}, {7, 5}, 0}}) {
    const cv::Mat3b camera = SmoothColors(c.frame, 7);
    const cv::Mat1f coarse = PortraitMask(c.mask, 5.0F);
    const GradientSnapOptions options{.reach_px = c.reach_px};
    cv::Mat1b refined;
    GradientSnap(options).Apply(coarse, camera, &refined);
    // Half a mask pixel at the border is read differently, see the header.
    const int border = c.frame.width / c.mask.width / 2 + 1;
    for (int y = border; y < c.frame.height - border; ++y) {
      for (int x = border; x < c.frame.width - border; ++x) {
        ASSERT_NEAR(refined(y, x), 255 * SnapTwin(coarse, camera, options, x, y), 0.64) << x << " " << y;
      }
    }
  }
}

TEST(GradientSnapTest, TakesTheRawMaskAtAnEdgeAndTheBlurredOneWithoutOne) {
  const cv::Size size(320, 180);
  cv::Mat1f coarse(36, 64, 0.0F);
  coarse.colRange(32, 64) = 1.0F;  // An edge at column 160; the first mask pixel outside ends there.
  cv::Mat3b flat(size, cv::Vec3b(90, 90, 90));
  cv::Mat1b refined;
  GradientSnap snap({.reach_px = 32.0F});
  snap.Apply(coarse, flat, &refined);
  // One tap in four lies inside, out to r = 6 mask pixels (30 frame pixels).
  EXPECT_EQ(refined(90, 150), 64);
  EXPECT_EQ(refined(90, 134), 64);
  EXPECT_EQ(refined(90, 125), 0);
  cv::Mat3b edge = flat.clone();
  edge.colRange(150, 320) = cv::Vec3b(190, 190, 190);
  snap.Apply(coarse, edge, &refined);
  EXPECT_EQ(refined(90, 149), 0) << "the image's edge shows the raw mask";
  EXPECT_EQ(refined(90, 150), 0);
  EXPECT_EQ(refined(90, 147), 64);
}

TEST(GradientSnapTest, DoesNotDependOnThreads) {
  const cv::Mat3b camera = SmoothColors({300, 170}, 2);
  const cv::Mat1f coarse = PortraitMask({64, 36}, 3.0F);
  GradientSnap snap({});
  cv::Mat1b one;
  cv::Mat1b two;
  {
    const ThreadLimit limit(1);
    snap.Apply(coarse, camera, &one);
  }
  const ThreadLimit limit(2);
  snap.Apply(coarse, camera, &two);
  EXPECT_EQ(cv::norm(one, two, cv::NORM_INF), 0);
}

cv::Mat1b RandomMaskBytes(cv::Size size, uint64_t seed) {
  cv::Mat1b mask(size);
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (uint8_t& value : cv::Mat1b(mask.row(y))) value = static_cast<uint8_t>(random.Next());
  }
  return mask;
}

TEST(WindowTest, MaximaAndMeansEqualThoseTakenOneByOne) {
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(7, 3), cv::Size(70, 45), cv::Size(300, 40)}) {
    const cv::Mat1b values = RandomMaskBytes(size, 4);
    for (const int radius : {0, 1, 2, 3, 7, 8, 20, 64}) {
      cv::Mat1b largest;
      cv::Mat1b means;
      WindowMax(values, radius, &largest);
      WindowMean(values, radius, &means);
      for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; x += 3) {
          const cv::Rect window = cv::Rect(x - radius, y - radius, 2 * radius + 1, 2 * radius + 1) &
                                  cv::Rect(0, 0, size.width, size.height);
          double most = 0;
          cv::minMaxLoc(values(window), nullptr, &most);
          ASSERT_EQ(largest(y, x), most) << size << radius;
          ASSERT_NEAR(means(y, x), cv::mean(values(window))[0], 0.501) << size << radius;
        }
      }
    }
  }
}

TEST(FeatherTest, FallsLinearlyOutsideAndKeepsTheInside) {
  for (const int radius : {1, 4, 10}) {
    cv::Mat1b mask(60, 120, uint8_t{0});
    mask.colRange(60, 120) = uint8_t{255};
    cv::Mat1b feathered;
    OutwardFeather(radius).Apply(mask, &feathered);
    for (int k = 1; k <= 2 * radius + 3; ++k) {
      const double expected = 255.0 * std::max(0.0, 1.0 - k / (2.0 * radius + 1));
      EXPECT_NEAR(feathered(30, 60 - k), expected, 0.501) << radius << " " << k;
    }
    EXPECT_EQ(cv::countNonZero(feathered.colRange(60, 120) != 255), 0);
  }
}

TEST(FeatherTest, NeverTakesFromTheMask) {
  cv::Mat1b soft;
  QuantizeMask(PortraitMask({160, 90}, 6.0F), &soft);
  for (const cv::Mat1b& mask : {RandomMaskBytes({90, 50}, 9), soft}) {
    for (const int radius : {0, 1, 5}) {
      cv::Mat1b feathered;
      OutwardFeather(radius).Apply(mask, &feathered);
      EXPECT_EQ(cv::countNonZero(feathered < mask), 0) << radius;
      const int changed = cv::countNonZero(feathered != mask);
      EXPECT_EQ(changed == 0, radius == 0);
    }
  }
}

TEST(TrimapTest, HasABandOfTheStatedWidthAndIsSureBesideIt) {
  cv::Mat1b mask(60, 120, uint8_t{0});
  mask.colRange(60, 120) = uint8_t{255};
  for (const int band : {0, 1, 8}) {
    cv::Mat1b trimap;
    TrimapMaker({.band_px = band}).Apply(mask, &trimap);
    for (int x = 0; x < 120; ++x) {
      const int expected = x < 60 - band ? kSureBackground : x >= 60 + band ? kSureCaller : kUnknown;
      ASSERT_EQ(trimap(0, x), expected) << band << " " << x;
      ASSERT_EQ(trimap(59, x), expected) << band << " " << x;
    }
  }
}

TEST(TrimapTest, EqualsItsDefinitionOnSoftMasks) {
  cv::Mat1b mask;
  QuantizeMask(PortraitMask({96, 54}, 12.0F), &mask);
  const TrimapOptions options{.caller_from = 200, .background_to = 30, .band_px = 3};
  cv::Mat1b trimap;
  TrimapMaker(options).Apply(mask, &trimap);
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      const cv::Rect window = cv::Rect(x - 3, y - 3, 7, 7) & cv::Rect(0, 0, mask.cols, mask.rows);
      double least = 0;
      double most = 0;
      cv::minMaxLoc(mask(window), &least, &most);
      const int expected = least >= 200 ? kSureCaller : most <= 30 ? kSureBackground : kUnknown;
      ASSERT_EQ(trimap(y, x), expected) << x << " " << y;
    }
  }
}

}  // namespace
}  // namespace peekproof::engines
