// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/ciede2000.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace peekproof::image {
namespace {

struct Pair {
  cv::Vec3d lab1;
  cv::Vec3d lab2;
  double difference;
};

// Sharma, Wu, Dalal (2005), table 1; four decimals.
const Pair kPublished[] = {
    {{50.0000, 2.6772, -79.7751}, {50.0000, 0.0000, -82.7485}, 2.0425},
    {{50.0000, 3.1571, -77.2803}, {50.0000, 0.0000, -82.7485}, 2.8615},
    {{50.0000, 2.8361, -74.0200}, {50.0000, 0.0000, -82.7485}, 3.4412},
    {{50.0000, -1.3802, -84.2814}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -1.1848, -84.8006}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -0.9009, -85.5211}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, 0.0000, 0.0000}, {50.0000, -1.0000, 2.0000}, 2.3669},
    {{50.0000, -1.0000, 2.0000}, {50.0000, 0.0000, 0.0000}, 2.3669},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0009}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0010}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0011}, 7.2195},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0012}, 7.2195},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0009, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0010, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0011, -2.4900}, 4.7461},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 0.0000, -2.5000}, 4.3065},
    {{50.0000, 2.5000, 0.0000}, {73.0000, 25.0000, -18.0000}, 27.1492},
    {{50.0000, 2.5000, 0.0000}, {61.0000, -5.0000, 29.0000}, 22.8977},
    {{50.0000, 2.5000, 0.0000}, {56.0000, -27.0000, -3.0000}, 31.9030},
    {{50.0000, 2.5000, 0.0000}, {58.0000, 24.0000, 15.0000}, 19.4535},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.1736, 0.5854}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2972, 0.0000}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 1.8634, 0.5757}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2592, 0.3350}, 1.0000},
    {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
    {{63.0109, -31.0961, -5.8663}, {62.8187, -29.7946, -4.0864}, 1.2630},
    {{61.2901, 3.7196, -5.3901}, {61.4292, 2.2480, -4.9620}, 1.8731},
    {{35.0831, -44.1164, 3.7933}, {35.0232, -40.0716, 1.5901}, 1.8645},
    {{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},
    {{36.4612, 47.8580, 18.3852}, {36.2715, 50.5065, 21.2231}, 1.4146},
    {{90.8027, -2.0831, 1.4410}, {91.1528, -1.6435, 0.0447}, 1.4441},
    {{90.9257, -0.5406, -0.9208}, {88.6381, -0.8985, -0.7239}, 1.5381},
    {{6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377},
    {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
};

TEST(Ciede2000Test, AgreesWithThePublishedPairsInBothOrders) {
  for (const Pair& pair : kPublished) {
    EXPECT_NEAR(Ciede2000Exact(pair.lab1, pair.lab2), pair.difference, 5.1e-5);
    EXPECT_NEAR(Ciede2000Exact(pair.lab2, pair.lab1), pair.difference, 5.1e-5);
  }
}

TEST(Ciede2000Test, LandmarksOfTheScale) {
  EXPECT_EQ(Ciede2000(LabOfBgr({12, 200, 77}), LabOfBgr({12, 200, 77})), 0.0F);
  EXPECT_NEAR(Ciede2000(LabOfBgr({0, 0, 0}), LabOfBgr({255, 255, 255})), 100.0F, 1e-3F);
}

TEST(Ciede2000Test, MapIsThePixelFunction) {
  cv::Mat3b a(3, 17);
  cv::Mat3b b(3, 17);
  RowRandom random(5, 0, 0);
  for (int y = 0; y < a.rows; ++y) {
    for (int x = 0; x < a.cols; ++x) {
      for (int c = 0; c < 3; ++c) {
        a(y, x)[c] = static_cast<uchar>(random.Next() % 256);
        b(y, x)[c] = static_cast<uchar>(random.Next() % 256);
      }
    }
  }
  const cv::Mat1f difference = Ciede2000Map(a, b);
  for (int y = 0; y < a.rows; ++y) {
    for (int x = 0; x < a.cols; ++x) {
      EXPECT_EQ(difference(y, x), Ciede2000(LabOfBgr(a(y, x)), LabOfBgr(b(y, x))));
    }
  }
}

cv::Vec3b RandomColour(RowRandom* random) {
  const uint64_t bits = random->Next();
  return {static_cast<uchar>(bits), static_cast<uchar>(bits >> 8), static_cast<uchar>(bits >> 16)};
}

/// Error of the fast row against the exact formula; where the hues are within 10 degrees of opposite, a tenth
/// of it, and within 0.01 degrees, where the formula jumps, 0: as the header states.
double RowError(cv::Vec3b colour1, cv::Vec3b colour2) {
  const cv::Vec3f p = LabOfBgr(colour1);
  const cv::Vec3f q = LabOfBgr(colour2);
  const double cross = p[1] * q[2] - p[2] * q[1];
  const double dot = p[1] * q[1] + p[2] * q[2];
  if (dot < 0 && std::abs(cross) < 2e-4 * -dot) return 0.0;
  const double share = dot < 0 && std::abs(cross) < 0.176 * -dot ? 0.1 : 1.0;
  float l[2];
  float a[2];
  float b[2];
  LabOfBgrRow(colour1.val, 1, &l[0], &a[0], &b[0]);
  LabOfBgrRow(colour2.val, 1, &l[1], &a[1], &b[1]);
  float fast = -1.0F;
  Ciede2000Row({&l[0], &a[0], &b[0]}, {&l[1], &a[1], &b[1]}, 1, &fast);
  const double error = std::abs(fast - Ciede2000Exact(p, q));
  return error <= 1e9 ? share * error : 1e9;  // A NaN counts as a large error.
}

TEST(Ciede2000Test, RowStaysWithinItsStatedError) {
  RowRandom random(6, 0, 0);
  double worst = 0.0;
  for (int i = 0; i < 200000; ++i) {
    const cv::Vec3b colour = RandomColour(&random);
    cv::Vec3b other = RandomColour(&random);
    if (i % 2 == 0) {
      for (int c = 0; c < 3; ++c) other[c] = cv::saturate_cast<uchar>(colour[c] + other[c] % 17 - 8);
    }
    worst = std::max(worst, RowError(colour, other));
  }
  for (int grey = 0; grey < 256; ++grey) {
    const auto g = static_cast<uchar>(grey);
    worst = std::max(worst, RowError({g, g, g}, RandomColour(&random)));
    worst = std::max(worst, RowError({g, g, g}, {g, g, static_cast<uchar>(g ^ 1)}));
  }
  EXPECT_LT(worst, kCiede2000RowError);
  EXPECT_GT(worst, 0.02 * kCiede2000RowError) << "state a tighter bound";
}

TEST(LabTest, RowStaysWithinItsStatedError) {
  double worst = 0.0;
  for (int b = 0; b < 256; b += 5) {
    for (int g = 0; g < 256; g += 3) {
      for (int r = 0; r < 256; r += 3) {
        const cv::Vec3b colour(static_cast<uchar>(b), static_cast<uchar>(g), static_cast<uchar>(r));
        cv::Vec3f fast;
        LabOfBgrRow(colour.val, 1, &fast[0], &fast[1], &fast[2]);
        const cv::Vec3f exact = LabOfBgr(colour);
        for (int c = 0; c < 3; ++c)
          worst = std::max(worst, static_cast<double>(std::abs(fast[c] - exact[c])));
      }
    }
  }
  EXPECT_LT(worst, kLabRowError);
  EXPECT_GT(worst, 0.05 * kLabRowError) << "state a tighter bound";
}

TEST(LabTest, KnownColours) {
  const auto near = [](cv::Vec3b bgr, cv::Vec3f lab) {
    const cv::Vec3f got = LabOfBgr(bgr);
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(got[c], lab[c], 0.05F);
  };
  // Values published for sRGB under D65 (two decimals; sources differ by 0.04 with the digits of their
  // matrix).
  near({255, 255, 255}, {100.0F, 0.0F, 0.0F});
  near({0, 0, 0}, {0.0F, 0.0F, 0.0F});
  near({0, 0, 255}, {53.24F, 80.09F, 67.20F});
  near({0, 255, 0}, {87.73F, -86.18F, 83.18F});
  near({255, 0, 0}, {32.30F, 79.19F, -107.86F});
}

}  // namespace
}  // namespace peekproof::image
