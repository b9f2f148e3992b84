// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/resolution_adapter.h"

#include <gtest/gtest.h>

namespace peekproof::testbed {
namespace {

const cv::Size kHd(1280, 720);
constexpr double kCallRate = 30;

/// Feeds frames and gives the time at which the size changed, or -1.
double FeedUntilChange(ResolutionAdapter* adapter, double from_s, double seconds, int64_t bit_rate,
                       std::optional<double> quantiser, int dropped_of_ten = 0) {
  for (int i = 0; i < seconds * kCallRate; ++i) {
    const bool dropped = i % 10 < dropped_of_ten;
    const double time_s = from_s + i / kCallRate;
    if (adapter->Add(time_s, bit_rate, dropped, dropped ? std::nullopt : quantiser)) return time_s;
  }
  return -1;
}

TEST(ResolutionAdapter, StartsAtWhatTheRateSuffices) {
  const auto size = [](ChannelCodec codec, int64_t bit_rate) {
    return ResolutionAdapter(codec, kHd, bit_rate).size();
  };
  EXPECT_EQ(size(ChannelCodec::kH264, 900'000), kHd);
  EXPECT_EQ(size(ChannelCodec::kH264, 899'999), cv::Size(960, 540));
  EXPECT_EQ(size(ChannelCodec::kVp8, 499'999), cv::Size(640, 360));
  EXPECT_EQ(size(ChannelCodec::kVp8, 250'000), cv::Size(480, 270));
  EXPECT_EQ(size(ChannelCodec::kVp8, 50'000), cv::Size(320, 180));
  EXPECT_EQ(size(ChannelCodec::kVp9, 480'000), kHd);
  EXPECT_EQ(size(ChannelCodec::kAv1, 575'000), cv::Size(960, 540));
}

TEST(ResolutionAdapter, StepsDownByTheQuantiserAndUpAgain) {
  ResolutionAdapter adapter(ChannelCodec::kH264, kHd, 1'000'000);
  const double down_s = FeedUntilChange(&adapter, 0, 10, 1'000'000, 38);
  EXPECT_GE(down_s, 2);
  EXPECT_LE(down_s, 2.2);
  EXPECT_EQ(adapter.scale(), 0.75);
  EXPECT_EQ(adapter.size(), cv::Size(960, 540));
  // Between the thresholds nothing happens.
  EXPECT_EQ(FeedUntilChange(&adapter, down_s, 30, 1'000'000, 37), -1);
  EXPECT_EQ(FeedUntilChange(&adapter, down_s + 30, 30, 1'000'000, 25), -1);
  // A low quantiser is not enough where the larger size could not start.
  EXPECT_EQ(FeedUntilChange(&adapter, down_s + 60, 30, 800'000, 20), -1);
  const double up_s = FeedUntilChange(&adapter, down_s + 90, 30, 1'000'000, 20);
  EXPECT_GE(up_s, down_s + 90);
  EXPECT_LE(up_s, down_s + 90 + 5.1);
  EXPECT_EQ(adapter.size(), kHd);
  EXPECT_EQ(FeedUntilChange(&adapter, up_s, 30, 9'000'000, 5), -1);
}

TEST(ResolutionAdapter, WaitsForSixtyFrames) {
  ResolutionAdapter adapter(ChannelCodec::kVp8, kHd, 1'000'000);
  for (int i = 0; i < 59; ++i) EXPECT_FALSE(adapter.Add(i * 0.5, 1'000'000, false, 63)) << i;
  bool changed = false;
  for (int i = 59; i < 64; ++i) changed = changed || adapter.Add(i * 0.5, 1'000'000, false, 63);
  EXPECT_TRUE(changed);
}

TEST(ResolutionAdapter, GoesDownTheStepsToTheSmallestSize) {
  ResolutionAdapter adapter(ChannelCodec::kVp9, kHd, 1'000'000);
  double time_s = 0;
  for (const double scale : {0.75, 0.5, 0.375, 0.25}) {
    time_s = FeedUntilChange(&adapter, time_s, 11, 1'000'000, 60);
    ASSERT_GE(time_s, 0);
    EXPECT_EQ(adapter.scale(), scale);
  }
  EXPECT_EQ(FeedUntilChange(&adapter, time_s, 30, 1'000'000, 60), -1);
  ResolutionAdapter small(ChannelCodec::kVp9, {640, 362}, 1'000'000);
  EXPECT_GE(time_s = FeedUntilChange(&small, 0, 11, 1'000'000, 60), 0);
  EXPECT_EQ(small.size(), cv::Size(480, 270));
  EXPECT_GE(time_s = FeedUntilChange(&small, time_s, 11, 1'000'000, 60), 0);
  EXPECT_EQ(small.size(), cv::Size(320, 180));
  EXPECT_EQ(FeedUntilChange(&small, time_s, 30, 1'000'000, 60), -1);
}

TEST(ResolutionAdapter, ManyDroppedFramesMakeItSmaller) {
  ResolutionAdapter adapter(ChannelCodec::kH264, kHd, 1'000'000);
  EXPECT_EQ(FeedUntilChange(&adapter, 0, 20, 1'000'000, 30, 5), -1);
  EXPECT_GE(FeedUntilChange(&adapter, 20, 20, 1'000'000, 30, 7), 0);
  EXPECT_EQ(adapter.scale(), 0.75);
}

TEST(ResolutionAdapter, GoesByTheRateWithoutAQuantiser) {
  ResolutionAdapter adapter(ChannelCodec::kAv1, kHd, 1'000'000);
  EXPECT_EQ(FeedUntilChange(&adapter, 0, 20, 580'000, {}), -1);
  EXPECT_GE(FeedUntilChange(&adapter, 20, 20, 570'000, {}), 0);
  EXPECT_EQ(adapter.size(), cv::Size(960, 540));
  EXPECT_EQ(FeedUntilChange(&adapter, 40, 20, 1'000'000, {}), -1);
  EXPECT_GE(FeedUntilChange(&adapter, 60, 20, 1'100'000, {}), 0);
  EXPECT_EQ(adapter.size(), kHd);
}

}  // namespace
}  // namespace peekproof::testbed
