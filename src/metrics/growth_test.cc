// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/growth.h"

#include <gtest/gtest.h>

#include "metrics/score.h"

namespace peekproof::metrics {
namespace {

TEST(GrowthTest, CountsWhatWasSeenByThen) {
  const cv::Size size(4, 1);
  LeakTruth truth{{cv::Mat1f(size, 0.5F)}, cv::Mat3b(size, cv::Vec3b(40, 80, 160)), cv::Mat3b(size), {}, {}};
  truth.leak.values(0, 3) = 0;
  auto room = image::Reconstruction::Absent(size);
  truth.room.copyTo(room.bgr);
  room.evidence.setTo(1);
  room.bgr(0, 1) = {250, 250, 250};
  room.first_seen_s = (cv::Mat1f(size) << 1, 2, 3, 0);
  const auto growth = RecoveryGrowth(room, truth, {0.5, 1, 2.5, 9});
  ASSERT_EQ(growth.size(), 4U);
  EXPECT_EQ(growth[0].coverage, 0);
  EXPECT_DOUBLE_EQ(growth[1].recall_10, 1.0 / 3);
  EXPECT_DOUBLE_EQ(growth[2].coverage, 2.0 / 3);
  EXPECT_DOUBLE_EQ(growth[2].recall_10, 1.0 / 3) << "the second pixel is wrong";
  const Scores scores = ScoreReconstruction(room, truth);
  EXPECT_DOUBLE_EQ(growth[3].recall_10, scores.at_10.recall) << "at the end it is the recall";
  EXPECT_DOUBLE_EQ(growth[3].coverage, scores.coverage);
}

TEST(GrowthTest, NothingLeakedIsNothing) {
  const cv::Size size(2, 2);
  const LeakTruth truth{{cv::Mat1f(size, 0.0F)}, cv::Mat3b(size), cv::Mat3b(size), {}, {}};
  EXPECT_EQ(RecoveryGrowth(image::Reconstruction::Absent(size), truth, {1})[0].recall_10, 0);
}

}  // namespace
}  // namespace peekproof::metrics
