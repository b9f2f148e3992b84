// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/colour_distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "image/ciede2000.h"

namespace peekproof::attacks {
namespace {

cv::Mat3b RandomPicture(cv::Size size, uint64_t seed) {
  cv::Mat3b picture(size);
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < size.width; ++x) {
      for (int c = 0; c < 3; ++c) picture(y, x)[c] = static_cast<uchar>(random.Next() % 256);
    }
  }
  return picture;
}

TEST(ColourClassifierTest, AgreesWithExactDifferences) {
  const cv::Size size(517, 24);
  const cv::Mat3b wallpaper = RandomPicture(size, 1);
  cv::Mat3b frame(size);
  cv::Mat1b skip(size, uchar{0});
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(2, 0, static_cast<uint64_t>(y));
    const int spread = 1 + y;  // From codec noise to other colours.
    for (int x = 0; x < size.width; ++x) {
      const int shift = static_cast<int>(random.Next() % 9) - 4;
      for (int c = 0; c < 3; ++c) {
        frame(y, x)[c] = cv::saturate_cast<uchar>(wallpaper(y, x)[c] + shift +
                                                  static_cast<int>(random.Next() % (2 * spread)) - spread);
      }
      if (random.Uniform() < 0.3) skip(y, x) = 255;
    }
  }
  ColourClassifier classifier(4.0F, 10.0F);
  cv::Mat1b classes;
  classifier.Classify(frame, *Wallpaper::Of(wallpaper), skip, &classes);
  const cv::Mat1f difference = image::Ciede2000Map(frame, wallpaper);
  int counts[3] = {0, 0, 0};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      ++counts[classes(y, x)];
      if (skip(y, x) != 0) {
        EXPECT_EQ(classes(y, x), 0);
        continue;
      }
      const float d = difference(y, x);
      if (std::min(std::abs(d - 4.0F), std::abs(d - 10.0F)) < 2 * image::kCiede2000RowError) continue;
      EXPECT_EQ(classes(y, x), (d >= 4.0F ? 1 : 0) + (d >= 10.0F ? 1 : 0)) << d;
    }
  }
  EXPECT_GT(*std::min_element(counts, counts + 3), 200);
}

/// Largest difference over a grid of colours (every `step`-th value) and all admitted channel differences.
float Search(int largest, int spread, int step) {
  float worst = 0.0F;
  std::vector<uint8_t> colours(2 * 3 * 256);
  std::vector<float> planes(7 * 256);
  float* p[7];
  for (size_t i = 0; i < 7; ++i) p[i] = planes.data() + 256 * i;
  for (int i = 0; i <= largest; ++i) {
    for (int j = -largest; j <= largest; ++j) {
      for (int k = -largest; k <= largest; ++k) {
        if (std::max({i, j, k}) - std::min({i, j, k}) > spread) continue;
        for (int b = 0; b + i < 256; b += step) {
          for (int g = std::max(0, -j); g + std::max(0, j) < 256; g += step) {
            int n = 0;
            for (int r = std::max(0, -k); r + std::max(0, k) < 256; ++r, ++n) {
              const size_t at = 3 * static_cast<size_t>(n);
              const cv::Vec3i first(b, g, r);
              const cv::Vec3i second(b + i, g + j, r + k);
              for (size_t c = 0; c < 3; ++c) {
                colours[at + c] = static_cast<uint8_t>(first[static_cast<int>(c)]);
                colours[768 + at + c] = static_cast<uint8_t>(second[static_cast<int>(c)]);
              }
            }
            image::LabOfBgrRow(colours.data(), n, p[0], p[1], p[2]);
            image::LabOfBgrRow(colours.data() + 768, n, p[3], p[4], p[5]);
            image::Ciede2000Row({p[0], p[1], p[2]}, {p[3], p[4], p[5]}, n, p[6]);
            worst = std::max(worst, *std::max_element(p[6], p[6] + n));
          }
        }
      }
    }
  }
  return worst;
}

TEST(LargestDifferenceTest, HoldsOnAGridOfColours) {
  for (int largest = 1; largest <= 5; largest += 2) {
    for (int spread = 0; spread <= 3; ++spread) {
      EXPECT_LE(Search(largest, spread, 31), LargestDifference(largest, spread)) << largest << " " << spread;
    }
  }
  EXPECT_TRUE(std::isinf(LargestDifference(6, 0)));
  EXPECT_TRUE(std::isinf(LargestDifference(1, 4)));
  EXPECT_EQ(LargestDifference(0, 0), 0.0F);
}

// Minutes: run it with --gtest_also_run_disabled_tests after a change to the table.
TEST(LargestDifferenceTest, DISABLED_IsTheSupremumOverAllColours) {
  for (int largest = 1; largest <= 5; ++largest) {
    for (int spread = 0; spread <= 3; ++spread) {
      const float found = Search(largest, spread, 1);
      EXPECT_LE(found, LargestDifference(largest, spread)) << largest << " " << spread;
      EXPECT_GT(found, LargestDifference(largest, spread) - 0.002F) << largest << " " << spread;
    }
  }
}

}  // namespace
}  // namespace peekproof::attacks
