// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/orientation.h"

#include <gtest/gtest.h>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

Orientation From(int a, int b, int c, int d) {
  return OrientationOf(test::DisplayMatrix(a, b, c, d)).value();
}

cv::Mat3b Numbered(cv::Size size) {
  cv::Mat3b picture(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      picture(y, x) = cv::Vec3b(static_cast<uint8_t>(x), static_cast<uint8_t>(y), 0);
  }
  return picture;
}

/// The definition: (x, y) goes to (a x + c y, b x + d y), moved back into the first quadrant.
TEST(OrientationTest, FollowsTheMatrix) {
  const cv::Mat3b stored = Numbered({5, 3});
  for (const bool transposed : {false, true}) {
    for (int signs = 0; signs < 4; ++signs) {
      const int first = (signs & 1) != 0 ? -1 : 1;
      const int second = (signs & 2) != 0 ? -1 : 1;
      const int a = transposed ? 0 : first;
      const int b = transposed ? second : 0;
      const int c = transposed ? first : 0;
      const int d = transposed ? 0 : second;
      const Orientation orientation = From(a, b, c, d);
      cv::Mat3b upright;
      orientation.Apply(stored, &upright);
      ASSERT_EQ(upright.size(), orientation.UprightSize(stored.size()));
      for (int y = 0; y < stored.rows; ++y) {
        for (int x = 0; x < stored.cols; ++x) {
          const int to_x = a * x + c * y + (first < 0 ? upright.cols - 1 : 0);
          const int to_y = b * x + d * y + (second < 0 ? upright.rows - 1 : 0);
          EXPECT_EQ(upright(to_y, to_x), stored(y, x)) << a << b << c << d;
        }
      }
    }
  }
}

TEST(OrientationTest, StoredRectHoldsTheSamePixels) {
  const cv::Mat3b stored = Numbered({9, 6});
  for (int bits = 0; bits < 8; ++bits) {
    const Orientation orientation{
        .transpose = (bits & 1) != 0, .flip_x = (bits & 2) != 0, .flip_y = (bits & 4) != 0};
    cv::Mat3b upright;
    orientation.Apply(stored, &upright);
    const cv::Rect part(1, 2, 3, 4);
    cv::Mat3b turned;
    orientation.Apply(stored(orientation.StoredRect(part, stored.size())), &turned);
    EXPECT_EQ(cv::norm(turned, upright(part), cv::NORM_INF), 0) << bits;
  }
}

TEST(OrientationTest, NamesTheTurn) {
  EXPECT_EQ(From(1, 0, 0, 1).RotationDegrees(), 0);
  EXPECT_EQ(From(0, 1, -1, 0).RotationDegrees(), 90);
  EXPECT_EQ(From(-1, 0, 0, -1).RotationDegrees(), 180);
  EXPECT_EQ(From(0, -1, 1, 0).RotationDegrees(), 270);
  EXPECT_EQ(From(-1, 0, 0, 1).RotationDegrees(), 0);
  EXPECT_TRUE(From(1, 0, 0, 1).is_identity());
  EXPECT_FALSE(From(-1, 0, 0, 1).is_identity());
}

TEST(OrientationTest, OtherMatricesAreNone) {
  EXPECT_FALSE(OrientationOf(test::DisplayMatrix(1, 1, -1, 1)));
  EXPECT_FALSE(OrientationOf({0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(OrientationOf({INT32_MIN, INT32_MIN, 0, INT32_MAX, 5, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace peekproof::media
