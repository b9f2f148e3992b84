// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/timeline.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace peekproof::media {
namespace {

TEST(TimelineTest, StartsAtZero) {
  Timeline timeline(0.001, 0.04);
  EXPECT_DOUBLE_EQ(timeline.Next(5000), 0);
  EXPECT_DOUBLE_EQ(timeline.Next(5100), 0.1);
}

TEST(TimelineTest, MissingTimestampsFollowTheRate) {
  Timeline timeline(0.001, 0.04);
  EXPECT_DOUBLE_EQ(timeline.Next(std::nullopt), 0);
  EXPECT_DOUBLE_EQ(timeline.Next(std::nullopt), 0.04);
  EXPECT_DOUBLE_EQ(timeline.Next(700), 0.08);
  EXPECT_DOUBLE_EQ(timeline.Next(std::nullopt), 0.12);
  EXPECT_DOUBLE_EQ(timeline.Next(800), 0.18);
}

TEST(TimelineTest, AlwaysGrows) {
  Timeline timeline(0.001, 0.04);
  double previous = -1;
  for (const int64_t timestamp :
       {int64_t{0}, int64_t{40}, int64_t{40}, int64_t{30}, int64_t{80}, int64_t{90000}, int64_t{0},
        int64_t{40}, INT64_MAX, INT64_MIN + 1, int64_t{0}}) {
    const double time_s = timeline.Next(timestamp);
    EXPECT_GT(time_s, previous) << timestamp;
    previous = time_s;
  }
}

TEST(TimelineTest, AJoinedRecordingGoesOn) {
  Timeline timeline(0.001, 0.04);
  (void)timeline.Next(1000);
  EXPECT_DOUBLE_EQ(timeline.Next(11000), 10);
  EXPECT_DOUBLE_EQ(timeline.Next(1000), 10.04);
  EXPECT_DOUBLE_EQ(timeline.Next(1500), 10.54);
}

TEST(TimelineTest, TimestampAtUndoesNext) {
  Timeline timeline(1.0 / 90000, 0.04);
  (void)timeline.Next(126000);
  EXPECT_EQ(timeline.TimestampAt(2.0), 126000 + 180000);
  timeline.Jump();
  EXPECT_DOUBLE_EQ(timeline.Next(126000 + 90000), 1.0);
}

}  // namespace
}  // namespace peekproof::media
