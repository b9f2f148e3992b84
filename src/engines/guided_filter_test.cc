// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/guided_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "engines/luma.h"
#include "engines/sliding_sum.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

cv::Mat1b Guide(cv::Size size, uint64_t seed) {
  cv::Mat1b luma;
  LumaOf(kLumaBt709, SmoothColors(size, seed), &luma);
  return luma;
}

/// source at (x, y), pixel centres on integers, bilinear, edges replicated.
double Sample(const cv::Mat1d& source, double x, double y) {
  const auto at = [&](int column, int row) {
    return source(std::clamp(row, 0, source.rows - 1), std::clamp(column, 0, source.cols - 1));
  };
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const double u = x - left;
  const double v = y - top;
  return (1 - v) * ((1 - u) * at(left, top) + u * at(left + 1, top)) +
         v * ((1 - u) * at(left, top + 1) + u * at(left + 1, top + 1));
}

/// The means over the window around each pixel, taken literally.
cv::Mat1d WindowMeans(const cv::Mat1d& values, int radius) {
  cv::Mat1d means(values.size());
  for (int y = 0; y < values.rows; ++y) {
    for (int x = 0; x < values.cols; ++x) {
      const cv::Rect window = cv::Rect(x - radius, y - radius, 2 * radius + 1, 2 * radius + 1) &
                              cv::Rect(0, 0, values.cols, values.rows);
      means(y, x) = cv::mean(values(window))[0];
    }
  }
  return means;
}

/// The paper's formulas in double precision.
cv::Mat1d GuidedFilterTwin(const cv::Mat1b& guide, const cv::Mat1f& mask,
                           const GuidedFilterOptions& options) {
  const int s = options.subsample;
  const cv::Size grid((guide.cols + s - 1) / s, (guide.rows + s - 1) / s);
  cv::Mat1d mask64;
  mask.convertTo(mask64, CV_64F);
  cv::Mat1d g(grid);
  cv::Mat1d m(grid);
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x) {
      const cv::Rect block = cv::Rect(x * s, y * s, s, s) & cv::Rect(0, 0, guide.cols, guide.rows);
      g(y, x) = std::floor(cv::mean(guide(block))[0] + 0.5) / 255;
      const double u = (x + 0.5) * s / guide.cols * mask.cols - 0.5;
      const double v = (y + 0.5) * s / guide.rows * mask.rows - 0.5;
      m(y, x) = std::floor(Sample(mask64, u, v) * 4080 + 0.5) / 4080;
    }
  }
  cv::Mat1d gg(grid);
  cv::Mat1d gm(grid);
  cv::multiply(g, g, gg);
  cv::multiply(g, m, gm);
  const cv::Mat1d mean_g = WindowMeans(g, options.radius);
  const cv::Mat1d mean_m = WindowMeans(m, options.radius);
  const cv::Mat1d mean_gg = WindowMeans(gg, options.radius);
  const cv::Mat1d mean_gm = WindowMeans(gm, options.radius);
  cv::Mat1d a(grid);
  cv::Mat1d b(grid);
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x) {
      const double variance = mean_gg(y, x) - mean_g(y, x) * mean_g(y, x);
      const double covariance = mean_gm(y, x) - mean_g(y, x) * mean_m(y, x);
      a(y, x) = covariance / (variance + static_cast<double>(options.epsilon));
      b(y, x) = mean_m(y, x) - a(y, x) * mean_g(y, x);
    }
  }
  const cv::Mat1d mean_a = WindowMeans(a, options.radius);
  const cv::Mat1d mean_b = WindowMeans(b, options.radius);
  cv::Mat1d refined(guide.size());
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      const double u = (x + 0.5) / s - 0.5;
      const double v = (y + 0.5) / s - 0.5;
      const double value = Sample(mean_a, u, v) * guide(y, x) / 255 + Sample(mean_b, u, v);
      refined(y, x) = std::clamp(value, 0.0, 1.0);
    }
  }
  return refined;
}

TEST(GuidedFilterTest, EqualsThePapersFormulas) {
  struct Case {
    cv::Size frame;
    cv::Size mask;
    GuidedFilterOptions options;
  };
  for (const Case& c : {Case{{97, 61}, {97, 61}, {4, 1e-3F, 1}}, Case{{160, 90}, {64, 36}, {8, 1e-4F, 4}},
                        Case{{101, 77}, {32, 24}, {3, 1e-2F, 3}}, Case{{50, 40}, {50, 40}, {31, 1e-4F, 1}},
                        Case{{9, 70}, {3, 5}, {8, 1e-4F, 2}}, Case{{1, 1}, {1, 1}, {1, 1e-4F, 1}}}) {
    const cv::Mat1b guide = Guide(c.frame, 3);
    const cv::Mat1f mask = PortraitMask(c.mask, 4.0F);
    cv::Mat1f refined;
    GuidedFilter(c.options).Apply(guide, mask, &refined);
    ASSERT_EQ(refined.size(), c.frame);
    // A mask value next to a rounding step may fall on either side in 32 and 64 bits.
    cv::Mat1d refined64;
    refined.convertTo(refined64, CV_64F);
    EXPECT_LT(cv::norm(refined64, GuidedFilterTwin(guide, mask, c.options), cv::NORM_INF), 5e-4) << c.frame;
  }
}

TEST(GuidedFilterTest, KeepsUniformMasks) {
  const cv::Mat1b guide = Guide({200, 100}, 1);
  for (const int subsample : {1, 4}) {
    for (const int value : {0, 51, 255}) {
      const float share = static_cast<float>(value) / 255.0F;
      cv::Mat1f refined;
      GuidedFilter({8, 1e-4F, subsample}).Apply(guide, cv::Mat1f(20, 40, share), &refined);
      const float tolerance = value == 51 ? 1e-6F : 0.0F;
      EXPECT_LE(cv::norm(refined, cv::Mat1f(guide.size(), share), cv::NORM_INF), tolerance) << value;
    }
  }
}

TEST(GuidedFilterTest, MovesTheMasksEdgeToTheGuides) {
  // The guide's edge is at column 100, the mask's is soft and ends 2 pixels before it.
  cv::Mat1b guide(80, 200, uint8_t{60});
  guide.colRange(100, 200) = uint8_t{180};
  cv::Mat1f mask(guide.size());
  for (int x = 0; x < 200; ++x) {
    mask.col(x) = static_cast<float>(std::clamp((x - 90) / 8.0, 0.0, 1.0));
  }
  for (const int subsample : {1, 4}) {
    cv::Mat1f refined;
    GuidedFilter({16 / subsample, 1e-4F, subsample}).Apply(guide, mask, &refined);
    EXPECT_EQ(mask(40, 100), mask(40, 99));
    EXPECT_GT(refined(40, 100) - refined(40, 99), 0.4F) << subsample;
    EXPECT_LT(refined(40, 99), 0.45F) << subsample;
    EXPECT_GT(refined(40, 130), 0.99F) << subsample;
    EXPECT_LT(refined(40, 60), 0.01F) << subsample;
  }
}

TEST(GuidedFilterTest, DoesNotDependOnThreadsOrOnEarlierFrames) {
  const cv::Mat1b guide = Guide({300, 170}, 5);
  const cv::Mat1f mask = PortraitMask({64, 36}, 3.0F);
  GuidedFilter filter({8, 1e-4F, 4});
  cv::Mat1f alone;
  {
    const ThreadLimit limit(1);
    filter.Apply(guide, mask, &alone);
  }
  cv::Mat1f again;
  filter.Apply(Guide({120, 90}, 6), mask, &again);
  const ThreadLimit limit(2);
  filter.Apply(guide, mask, &again);
  EXPECT_EQ(cv::norm(alone, again, cv::NORM_INF), 0);
}

TEST(SlideSumTest, EqualsTheSumsTakenOneByOne) {
  for (const int count : {1, 2, 5, 16, 33}) {
    std::vector<uint32_t> values;
    RowRandom random(1, 2, static_cast<uint64_t>(count));
    for (int i = 0; i < count; ++i) values.push_back(static_cast<uint32_t>(random.Next() % 1000));
    for (const int radius : {0, 1, 2, 5, 40}) {
      std::vector<uint32_t> windows(values.size());
      SlideSum(values.data(), count, radius, windows.data());
      for (int x = 0; x < count; ++x) {
        uint32_t sum = 0;
        for (int i = std::max(0, x - radius); i <= std::min(count - 1, x + radius); ++i) sum += values[i];
        ASSERT_EQ(windows[x], sum) << count << " " << radius << " " << x;
        ASSERT_EQ(WindowLength(x, count, radius),
                  std::min(count - 1, x + radius) - std::max(0, x - radius) + 1);
      }
    }
  }
}

TEST(LumaTest, WeighsTheChannelsAndKeepsGrey) {
  const std::vector<cv::Vec3b> pixels = {
      {255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {77, 77, 77}, {255, 255, 255}};
  std::vector<uint8_t> luma(pixels.size());
  LumaRow(kLumaBt601, pixels[0].val, 5, luma.data());
  EXPECT_EQ(luma, (std::vector<uint8_t>{29, 150, 76, 77, 255}));
  LumaRow(kLumaBt709, pixels[0].val, 5, luma.data());
  EXPECT_EQ(luma, (std::vector<uint8_t>{18, 182, 54, 77, 255}));
}

}  // namespace
}  // namespace peekproof::engines
