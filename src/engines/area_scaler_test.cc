// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/area_scaler.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "engines/testing.h"

namespace peekproof::engines {
namespace {

TEST(AreaScalerTest, AgreesWithOpenCv) {
  for (const cv::Size from : {cv::Size(1280, 720), cv::Size(641, 359), cv::Size(300, 7), cv::Size(1, 1)}) {
    for (const cv::Size to : {cv::Size(256, 144), cv::Size(100, 5), cv::Size(1, 1)}) {
      // Where an axis grows OpenCV's area mode is bilinear in both; ours only in that one.
      if ((to.width > from.width) != (to.height > from.height)) continue;
      const cv::Mat3b frame = RandomColors(from, 4);
      cv::Mat3b scaled;
      AreaScaler().Apply(frame, to, &scaled);
      cv::Mat3b twin;
      cv::resize(frame, twin, to, 0, 0, to.width < from.width ? cv::INTER_AREA : cv::INTER_LINEAR);
      EXPECT_LE(cv::norm(scaled, twin, cv::NORM_INF), 1) << from << " to " << to;
    }
  }
}

TEST(AreaScalerTest, KeepsPlainColoursAndFollowsNewSizes) {
  AreaScaler scaler;
  cv::Mat3b scaled;
  for (const cv::Size from : {cv::Size(333, 77), cv::Size(64, 64), cv::Size(20, 90)}) {
    scaler.Apply(cv::Mat3b(from, cv::Vec3b(7, 130, 255)), {32, 18}, &scaled);
    EXPECT_EQ(cv::norm(scaled, cv::Mat3b(18, 32, cv::Vec3b(7, 130, 255)), cv::NORM_INF), 0) << from;
  }
}

}  // namespace
}  // namespace peekproof::engines
