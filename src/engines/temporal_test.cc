// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/temporal.h"

#include <gtest/gtest.h>

#include <vector>

namespace peekproof::engines {
namespace {

/// What a filter makes of one pixel, mask after mask; every pixel of an odd-sized mask is checked.
template <typename Value, typename Filter>
std::vector<Value> Response(Filter filter, const std::vector<Value>& values) {
  std::vector<Value> results;
  for (const Value value : values) {
    cv::Mat_<Value> mask(7, 37, value);
    filter.Apply(&mask);
    const Value first = mask(0, 0);
    EXPECT_EQ(cv::countNonZero(mask != first), 0);
    results.push_back(first);
  }
  return results;
}

using Bytes = std::vector<uint8_t>;

TEST(UncertaintySmootherTest, WeighsTheLastMaskByTheNewOnesUncertainty) {
  // The published polynomial at some probabilities, as the share of the last mask that is left.
  const auto uncertainty = [](float p) {
    const auto results = Response<float>(UncertaintySmoother(1.0F), {0.0F, p});
    return 1.0F - results[1] / p;
  };
  EXPECT_NEAR(uncertainty(0.1F), 0.22F, 0.005F);
  EXPECT_NEAR(uncertainty(0.5F), 1.0F, 1e-6F);
  EXPECT_NEAR(uncertainty(0.9F), 0.22F, 0.005F);
  EXPECT_NEAR(uncertainty(1.0F), 0.0F, 1e-4F);
}

TEST(UncertaintySmootherTest, SureStepsDoNotLagAndUnsureOnesDoByTheRatio) {
  const auto leave = Response<float>(UncertaintySmoother(1.0F), {1.0F, 0.0F, 0.0F});
  EXPECT_EQ(leave[0], 1.0F);
  EXPECT_NEAR(leave[1], 0.0F, 1e-4F);
  const auto half = Response<float>(UncertaintySmoother(0.7F), {1.0F, 0.5F, 0.5F});
  EXPECT_NEAR(half[1], 0.5F + 0.7F * 0.5F, 1e-6F);
  EXPECT_NEAR(half[2], 0.5F + 0.49F * 0.5F, 1e-6F);
  EXPECT_EQ(Response<float>(UncertaintySmoother(0.0F), {1.0F, 0.4F})[1], 0.4F);
}

TEST(HysteresisTest, KeepsTheLabelBetweenTheThresholds) {
  const Hysteresis filter(80, 180);
  EXPECT_EQ(Response<uint8_t>(filter, {255, 0, 0}), (Bytes{255, 0, 0}));
  EXPECT_EQ(Response<uint8_t>(filter, {180, 179, 100, 81, 80, 81, 179, 180}),
            (Bytes{255, 255, 255, 255, 0, 0, 0, 255}));
  // Without an earlier label the value itself is kept, and goes on being kept.
  EXPECT_EQ(Response<uint8_t>(filter, {120, 170, 90, 20, 120}), (Bytes{120, 120, 120, 0, 0}));
}

TEST(BitFeedbackTest, LeavesAnEighthThenAHundredth) {
  EXPECT_EQ(Response<uint8_t>(BitFeedback(), {0, 255, 255, 255, 255}), (Bytes{0, 224, 252, 255, 255}));
  EXPECT_EQ(Response<uint8_t>(BitFeedback(), {255, 0, 0, 0}), (Bytes{255, 31, 3, 0}));
}

TEST(RoundedMovingAverageTest, LeavesAResidueForThreeMasks) {
  const RoundedMovingAverage filter(0.85F);
  EXPECT_EQ(Response<uint8_t>(filter, {255, 0, 0, 0, 0}), (Bytes{255, 38, 6, 1, 0}));
  EXPECT_EQ(Response<uint8_t>(filter, {0, 255, 255, 255, 255}), (Bytes{0, 217, 249, 254, 255}));
}

TEST(MovingAverageTest, AveragesAndForgets) {
  MovingAverage average(0.25F);
  cv::Mat1f mask(3, 5, 1.0F);
  average.Apply(&mask);
  EXPECT_EQ(mask(0, 0), 1.0F) << "as if it had stood for ever";
  mask = 0.0F;
  average.Apply(&mask);
  EXPECT_EQ(mask(2, 4), 0.75F);
  mask = 0.0F;
  average.Apply(&mask);
  EXPECT_EQ(mask(2, 4), 0.5625F);
  cv::Mat1f other(2, 2, 0.5F);
  average.Apply(&other);
  EXPECT_EQ(other(1, 1), 0.5F) << "another size starts afresh";
  average.Forget();
  other = 0.0F;
  average.Apply(&other);
  EXPECT_EQ(other(1, 1), 0.0F);
  // 0.25 * 0.75^14 = 0.0045, 0.25 * 0.75^15 = 0.0033.
  EXPECT_EQ(MovingAverage::Reach(0.25F), 14);
  EXPECT_EQ(MovingAverage::Reach(0.5F), 6);
  EXPECT_EQ(MovingAverage::Reach(1.0F), 0);
}

TEST(TemporalTest, ForgetAndAnotherSizeStartAfresh) {
  BitFeedback filter;
  cv::Mat1b mask(4, 4, uint8_t{255});
  filter.Apply(&mask);
  filter.Forget();
  mask = uint8_t{0};
  filter.Apply(&mask);
  EXPECT_EQ(mask(0, 0), 0);
  mask = uint8_t{255};
  filter.Apply(&mask);
  EXPECT_EQ(mask(0, 0), 224);
  cv::Mat1b other(5, 4, uint8_t{255});
  filter.Apply(&other);
  EXPECT_EQ(other(0, 0), 255);
}

}  // namespace
}  // namespace peekproof::engines
