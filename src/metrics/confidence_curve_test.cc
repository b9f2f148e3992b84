// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/confidence_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "metrics/score.h"

namespace peekproof::metrics {
namespace {

/// A room, half of it leaked, of which a third is painted, rightly or not, with any confidence.
struct Sample {
  LeakTruth truth;
  image::Reconstruction room;
};

Sample RandomSample() {
  const cv::Size size(31, 17);
  Sample sample;
  sample.truth.leak.values = cv::Mat1f(size, 0.0F);
  sample.truth.room = cv::Mat3b(size, cv::Vec3b(80, 120, 160));
  sample.truth.wallpaper = cv::Mat3b(size, cv::Vec3b(10, 10, 10));
  sample.room = image::Reconstruction::Absent(size);
  RowRandom random(3, 0, 0);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (random.Next() % 2 == 0) sample.truth.leak.values(y, x) = 0.5F;
      if (random.Next() % 3 != 0) continue;
      sample.room.evidence(y, x) = 1;
      sample.room.confidence(y, x) = static_cast<float>(random.Next() % 21) / 20.0F;
      sample.room.bgr(y, x) = random.Next() % 2 == 0 ? cv::Vec3b(80, 120, 160) : cv::Vec3b(250, 0, 0);
    }
  }
  return sample;
}

TEST(ConfidenceCurve, IsWhatScoresGiveOfTheThresholdedRoom) {
  const Sample sample = RandomSample();
  const auto curve = ConfidenceCurve(sample.room, sample.truth);
  ASSERT_EQ(curve.size(), 20U);
  for (size_t i = 0; i < curve.size(); ++i) {
    image::Reconstruction kept = sample.room;
    kept.evidence = sample.room.evidence.clone();
    kept.evidence.setTo(0, sample.room.confidence * 20 < static_cast<double>(i));
    const Scores scores = ScoreReconstruction(kept, sample.truth);
    EXPECT_DOUBLE_EQ(curve[i].threshold, static_cast<double>(i) / 20);
    EXPECT_DOUBLE_EQ(curve[i].recall_10, scores.at_10.recall) << i;
    EXPECT_DOUBLE_EQ(curve[i].precision_10, scores.at_10.precision) << i;
  }
}

TEST(ConfidenceCurve, HasNoPrecisionWhereNothingIsLeft) {
  const Sample sample = RandomSample();
  const auto curve = ConfidenceCurve(image::Reconstruction::Absent(sample.truth.room.size()), sample.truth);
  EXPECT_EQ(curve.front().recall_10, 0);
  EXPECT_TRUE(std::isnan(curve.front().precision_10));
}

}  // namespace
}  // namespace peekproof::metrics
