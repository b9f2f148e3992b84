// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/network.h"

#include <gtest/gtest.h>

#include <vector>

namespace peekproof::testbed {
namespace {

constexpr double kStepSeconds = 0.01;

struct Spans {
  std::vector<double> lengths_s;
  double covered = 0;  ///< Share of the time.
};

Spans Walk(SeededSpans* spans, double until_s) {
  Spans result;
  std::optional<double> last;
  int inside = 0;
  const int steps = static_cast<int>(until_s / kStepSeconds);
  for (int i = 0; i < steps; ++i) {
    const std::optional<double> mark = spans->At(i * kStepSeconds);
    if (mark && mark != last) result.lengths_s.push_back(0);
    if (mark) result.lengths_s.back() += kStepSeconds;
    inside += mark ? 1 : 0;
    last = mark;
  }
  result.covered = static_cast<double>(inside) / steps;
  return result;
}

TEST(SeededSpans, AreAsManyAndAsLongAsAsked) {
  SeededSpans spans(3, 1, 6, 1, 3);
  const Spans walked = Walk(&spans, 6000);
  EXPECT_NEAR(static_cast<double>(walked.lengths_s.size()), 600, 75);
  EXPECT_NEAR(walked.covered, 6 * 2 / 60.0, 0.03);
  for (size_t i = 0; i + 1 < walked.lengths_s.size(); ++i) {
    EXPECT_GE(walked.lengths_s[i], 1 - 2 * kStepSeconds);
    EXPECT_LE(walked.lengths_s[i], 3 + 2 * kStepSeconds);
  }
}

TEST(SeededSpans, FollowFromTheSeed) {
  const auto lengths = [](uint64_t seed, uint64_t stream) {
    SeededSpans spans(seed, stream, 30, 0.2, 1);
    return Walk(&spans, 100).lengths_s;
  };
  EXPECT_EQ(lengths(1, 2), lengths(1, 2));
  EXPECT_NE(lengths(1, 2), lengths(2, 2));
  EXPECT_NE(lengths(1, 2), lengths(1, 3));
}

TEST(SeededSpans, NoneIsNone) {
  SeededSpans spans(1, 1, 0, 1, 2);
  EXPECT_EQ(Walk(&spans, 1000).covered, 0);
  EXPECT_FALSE(spans.At(1e12));
}

TEST(Bandwidth, FollowsItsSteps) {
  ChannelOptions options;
  options.bit_rate = 100'000;
  options.bandwidth = {{1, 200'000}, {2.5, 50'000}};
  Bandwidth bandwidth(options, 1);
  EXPECT_EQ(bandwidth.At(0), 100'000);
  EXPECT_EQ(bandwidth.At(0.999), 100'000);
  EXPECT_EQ(bandwidth.At(1), 200'000);
  EXPECT_EQ(bandwidth.At(2.49), 200'000);
  EXPECT_EQ(bandwidth.At(100), 50'000);
}

TEST(Bandwidth, DipsLeaveTheShareThatWasAsked) {
  ChannelOptions options;
  options.bit_rate = 1'000'000;
  options.dips = {.per_minute = 6, .shortest_s = 2, .longest_s = 4, .least_share = 0.2, .largest_share = 0.5};
  Bandwidth bandwidth(options, 4);
  int dipped = 0;
  int64_t least = options.bit_rate;
  int64_t largest = 0;
  for (int i = 0; i < 60000; ++i) {
    const int64_t bit_rate = bandwidth.At(i * 0.05);
    if (bit_rate == options.bit_rate) continue;
    ++dipped;
    least = std::min(least, bit_rate);
    largest = std::max(largest, bit_rate);
  }
  EXPECT_NEAR(dipped / 60000.0, 0.3, 0.05);
  EXPECT_GE(least, 200'000);
  EXPECT_LT(least, 220'000);
  EXPECT_LE(largest, 500'000);
  EXPECT_GT(largest, 480'000);
}

TEST(FrameDropper, KeepsTheLongTermRate) {
  // Frames of twice the bits that fit: every other one goes.
  FrameDropper dropper(0.5);
  const int64_t bandwidth = 400'000;
  int64_t bytes = 0;
  int coded = 0;
  for (int i = 0; i < 2500; ++i) {
    if (dropper.Overflows(i / 25.0, bandwidth)) continue;
    dropper.Fill(4000);
    bytes += 4000;
    ++coded;
  }
  EXPECT_NEAR(static_cast<double>(bytes) * 8 / 100.0, static_cast<double>(bandwidth), 0.02 * bandwidth);
  EXPECT_NEAR(coded, 1250, 15);
}

TEST(FrameDropper, LeavesBurstsThatFitAlone) {
  FrameDropper dropper(0.5);
  for (int i = 0; i < 250; ++i) {
    EXPECT_FALSE(dropper.Overflows(i / 25.0, 1'000'000)) << i;
    dropper.Fill(i % 50 == 0 ? 50'000 : 3000);
  }
}

TEST(FrameDropper, DropsUntilTheBucketHasRoom) {
  FrameDropper dropper(0.5);
  EXPECT_FALSE(dropper.Overflows(0, 80'000));
  dropper.Fill(15'000);  // 1.5 s of bandwidth.
  EXPECT_TRUE(dropper.Overflows(0.04, 80'000));
  EXPECT_TRUE(dropper.Overflows(0.98, 80'000));
  EXPECT_FALSE(dropper.Overflows(1.0, 80'000));
}

}  // namespace
}  // namespace peekproof::testbed
