// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/contour_filter.h"

#include <gtest/gtest.h>

namespace peekproof::engines {
namespace {

/// 100 x 40 pixels, of which 0.05 is 200.
cv::Mat1b Empty() { return cv::Mat1b(40, 100, uint8_t{0}); }

cv::Mat1b Filtered(cv::Mat1b mask, float share = 0.05F) {
  ContourFilter(share).Apply(&mask);
  return mask;
}

TEST(ContourFilterTest, DropsPiecesUpToTheShare) {
  cv::Mat1b mask = Empty();
  mask(cv::Rect(2, 2, 21, 11)) = 255;   // Counts 20 x 10 = 200: not more than the share.
  mask(cv::Rect(40, 2, 22, 11)) = 255;  // Counts 21 x 10.
  cv::Mat1b expected = Empty();
  expected(cv::Rect(40, 2, 22, 11)) = 255;
  EXPECT_EQ(cv::norm(Filtered(mask), expected, cv::NORM_INF), 0);
}

TEST(ContourFilterTest, FillsWhatAPieceSurrounds) {
  cv::Mat1b mask = Empty();
  mask(cv::Rect(10, 5, 40, 30)) = 255;
  mask(cv::Rect(20, 10, 20, 20)) = 0;  // A hand that the background surrounds.
  mask(cv::Rect(28, 18, 4, 4)) = 255;
  cv::Mat1b expected = Empty();
  expected(cv::Rect(10, 5, 40, 30)) = 255;
  EXPECT_EQ(cv::norm(Filtered(mask), expected, cv::NORM_INF), 0);
}

TEST(ContourFilterTest, AnyResidueCountsAndComesOutWhole) {
  cv::Mat1b mask = Empty();
  mask(cv::Rect(10, 5, 40, 30)) = 1;
  cv::Mat1b expected = Empty();
  expected(cv::Rect(10, 5, 40, 30)) = 255;
  EXPECT_EQ(cv::norm(Filtered(mask), expected, cv::NORM_INF), 0);
}

TEST(ContourFilterTest, JoinsPiecesOverACorner) {
  cv::Mat1b mask = Empty();
  mask(cv::Rect(10, 5, 12, 12)) = 255;  // 121 each; together they pass.
  mask(cv::Rect(22, 17, 12, 12)) = 255;
  EXPECT_EQ(cv::countNonZero(Filtered(mask)), 288);
  mask(cv::Rect(21, 16, 1, 1)) = 0;
  EXPECT_EQ(cv::countNonZero(Filtered(mask)), 0);
}

TEST(ContourFilterTest, LeavesFullAndEmptyMasks) {
  EXPECT_EQ(cv::countNonZero(Filtered(Empty())), 0);
  EXPECT_EQ(cv::countNonZero(Filtered(cv::Mat1b(40, 100, uint8_t{255}))), 4000);
}

}  // namespace
}  // namespace peekproof::engines
