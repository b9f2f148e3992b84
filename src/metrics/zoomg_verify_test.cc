// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/zoomg_verify.h"

#include <gtest/gtest.h>

namespace peekproof::metrics {
namespace {

cv::Mat3b Row(std::initializer_list<cv::Vec3b> colours) {
  cv::Mat3b row(1, static_cast<int>(colours.size()));
  int x = 0;
  for (const cv::Vec3b& colour : colours) row(0, x++) = colour;
  return row;
}

TEST(ZoomgVerifyTest, CountsByColourDifference) {
  // Greys of 100 and 112 are 4.9 apart, of 100 and 113 more than 5.06; checked against published values of
  // the formula elsewhere.
  const cv::Mat3b room = Row({{100, 100, 100}, {100, 100, 100}, {0, 0, 0}, {255, 0, 0}});
  const cv::Mat3b picture = Row({{100, 100, 100}, {110, 110, 110}, {90, 90, 90}, {0, 0, 255}});
  const ZoomgVerdict verdict = ZoomgVerify(picture, room, ZoomgComparison::kCiede2000);
  EXPECT_EQ(verdict.right, 2);
  EXPECT_EQ(verdict.wrong, 2);
  EXPECT_DOUBLE_EQ(verdict.share, 0.5);
}

TEST(ZoomgVerifyTest, TheCosineForgivesBrightnessAndBlack) {
  const cv::Mat3b room = Row({{10, 20, 30}, {200, 100, 50}, {200, 100, 50}, {255, 0, 0}});
  const cv::Mat3b picture = Row({{80, 160, 240}, {0, 0, 0}, {50, 100, 200}, {0, 255, 0}});
  const ZoomgVerdict verdict = ZoomgVerify(picture, room, ZoomgComparison::kCosine);
  EXPECT_EQ(verdict.right, 2);
}

TEST(ZoomgVerifyTest, ChangedPixelsNeedNoTruth) {
  EXPECT_EQ(ZoomgChangedPixels(Row({{1, 2, 3}, {1, 2, 4}}), Row({{1, 2, 3}, {1, 2, 3}})), 1);
}

}  // namespace
}  // namespace peekproof::metrics
