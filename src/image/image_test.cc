// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "image/mask.h"
#include "image/reconstruction.h"

namespace peekproof::image {
namespace {

TEST(MaskTest, GreaterThanIsStrict) {
  const AlphaMask caller{(cv::Mat1f(1, 3) << 0.4F, 0.5F, 0.6F)};
  const BinaryMask decided = GreaterThan(caller, 0.5F);
  EXPECT_EQ(decided.values(0, 0), 0);
  EXPECT_EQ(decided.values(0, 1), 0);
  EXPECT_EQ(decided.values(0, 2), 255);
}

TEST(MaskTest, ErosionShrinksAndOpeningDropsSpecks) {
  BinaryMask caller{cv::Mat1b(20, 20, uchar{0})};
  caller.values(cv::Rect(5, 5, 9, 9)) = 255;
  caller.values(1, 1) = 255;
  EXPECT_EQ(cv::countNonZero(Erode(caller, 3).values), 49);
  EXPECT_EQ(cv::countNonZero(Open(caller, 3).values), 81);
  EXPECT_EQ(cv::countNonZero(Dilate(caller, 3).values), 121 + 9);
  EXPECT_EQ(cv::countNonZero(Erode(caller, 1).values), 82);
}

TEST(ReconstructionTest, StartsAbsent) {
  Reconstruction room = Reconstruction::Absent({4, 3});
  EXPECT_EQ(cv::countNonZero(room.Present()), 0);
  room.evidence(1, 2) = 1;
  EXPECT_EQ(room.Present()(1, 2), 255);
}

}  // namespace
}  // namespace peekproof::image
