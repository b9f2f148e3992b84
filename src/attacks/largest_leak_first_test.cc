// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/largest_leak_first.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"

namespace peekproof::attacks {
namespace {

/// Candidates at random, so that the order of frames matters.
std::vector<FrameEvidence> RandomEvidence(cv::Size size, int frames) {
  std::vector<FrameEvidence> all;
  for (int t = 0; t < frames; ++t) {
    FrameEvidence evidence;
    evidence.frame.bgr = cv::Mat3b(size);
    evidence.frame.index = t;
    evidence.frame.time_s = 0.1 * t;
    evidence.leak.values = cv::Mat1b(size, uchar{0});
    for (int y = 0; y < size.height; ++y) {
      RowRandom random(9, static_cast<uint64_t>(t), static_cast<uint64_t>(y));
      for (int x = 0; x < size.width; ++x) {
        const uint64_t bits = random.Next();
        evidence.frame.bgr(y, x) = cv::Vec3b(static_cast<uchar>(bits), static_cast<uchar>(bits >> 8),
                                             static_cast<uchar>(bits >> 16));
        if (random.Uniform() < 0.03 * (1 + t % 4)) evidence.leak.values(y, x) = 255;
      }
    }
    evidence.leak_px = cv::countNonZero(evidence.leak.values);
    all.push_back(evidence);
  }
  return all;
}

TEST(LargestLeakFirstTest, IsTheSortedWalk) {
  const cv::Size size(43, 37);
  const std::vector<FrameEvidence> frames = RandomEvidence(size, 25);
  LargestLeakFirst gatherer(size);
  for (const FrameEvidence& evidence : frames) gatherer.Add(evidence);
  const image::Reconstruction room = gatherer.Finish();

  std::vector<const FrameEvidence*> order;
  for (const FrameEvidence& evidence : frames) order.push_back(&evidence);
  std::stable_sort(order.begin(), order.end(),
                   [](const FrameEvidence* a, const FrameEvidence* b) { return a->leak_px > b->leak_px; });
  cv::Mat3b expected(size);
  cv::Mat1b present(size, uchar{0});
  for (const FrameEvidence* evidence : order) {
    const cv::Mat1b fresh(evidence->leak.values & ~present);
    evidence->frame.bgr.copyTo(expected, fresh);
    present |= fresh;
  }
  EXPECT_EQ(cv::norm(room.Present(), present, cv::NORM_INF), 0.0);
  EXPECT_GT(cv::countNonZero(present), 500);
  EXPECT_LT(cv::countNonZero(present), size.area());
  cv::Mat3b got(size, cv::Vec3b(0, 0, 0));
  cv::Mat3b want(size, cv::Vec3b(0, 0, 0));
  room.bgr.copyTo(got, present);
  expected.copyTo(want, present);
  EXPECT_EQ(cv::norm(got, want, cv::NORM_INF), 0.0);
}

TEST(LargestLeakFirstTest, CountsEvidenceAndTimes) {
  const cv::Size size(1, 1);
  LargestLeakFirst gatherer(size);
  FrameEvidence evidence;
  evidence.leak.values = cv::Mat1b(size, uchar{255});
  evidence.leak_px = 1;
  for (int t = 2; t < 6; ++t) {
    evidence.frame.time_s = t;
    evidence.frame.bgr = cv::Mat3b(size, t == 4 ? cv::Vec3b(200, 0, 0) : cv::Vec3b(0, 0, 0));
    gatherer.Add(evidence);
  }
  const image::Reconstruction room = gatherer.Finish();
  EXPECT_EQ(room.evidence(0, 0), 4);
  EXPECT_EQ(room.first_seen_s(0, 0), 2.0F);
  EXPECT_EQ(room.last_seen_s(0, 0), 5.0F);
  EXPECT_EQ(room.bgr(0, 0), cv::Vec3b(0, 0, 0));
  EXPECT_NEAR(room.confidence(0, 0), 3.0F / 5.0F, 1e-6F);
}

TEST(LargestLeakFirstTest, DoesNotDependOnThreads) {
  const cv::Size size(40, 130);
  const std::vector<FrameEvidence> frames = RandomEvidence(size, 8);
  const auto gather = [&] {
    LargestLeakFirst gatherer(size);
    for (const FrameEvidence& evidence : frames) gatherer.Add(evidence);
    return gatherer.Finish();
  };
  image::Reconstruction one;
  {
    const ThreadLimit limit(1);
    one = gather();
  }
  const image::Reconstruction many = gather();
  EXPECT_EQ(cv::norm(one.bgr, many.bgr, cv::NORM_INF), 0.0);
  EXPECT_EQ(cv::norm(one.evidence, many.evidence, cv::NORM_INF), 0.0);
}

}  // namespace
}  // namespace peekproof::attacks
