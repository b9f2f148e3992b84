// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/colour_vote.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"

namespace peekproof::image {
namespace {

uchar Noisy(int value, int spread, RowRandom* random) {
  return cv::saturate_cast<uchar>(value + static_cast<int>(random->Next() % (2 * spread + 1)) - spread);
}

/// Frames of a still picture with noise, on which others pass by: at each pixel the picture shows in a share
/// of the frames that falls from left (1) to right (0.3), in random frames.
std::vector<cv::Mat3b> PassingBy(const cv::Mat3b& still, int frames, int noise) {
  std::vector<cv::Mat3b> result;
  for (int t = 0; t < frames; ++t) {
    cv::Mat3b frame(still.size());
    for (int y = 0; y < still.rows; ++y) {
      RowRandom random(7, static_cast<uint64_t>(t), static_cast<uint64_t>(y));
      for (int x = 0; x < still.cols; ++x) {
        const bool shows = random.Uniform() < 1.0 - 0.7 * x / still.cols;
        for (int c = 0; c < 3; ++c) {
          frame(y, x)[c] =
              shows ? Noisy(still(y, x)[c], noise, &random) : static_cast<uchar>(random.Next() % 256);
        }
      }
    }
    result.push_back(frame);
  }
  return result;
}

cv::Mat3b Still(cv::Size size) {
  cv::Mat3b still(size);
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(8, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < size.width; ++x) {
      for (int c = 0; c < 3; ++c) still(y, x)[c] = static_cast<uchar>(random.Next() % 256);
    }
  }
  return still;
}

ColourVote::Mode VoteOf(const std::vector<cv::Mat3b>& frames, const ColourVoteOptions& options = {}) {
  ColourVote vote(frames[0].size(), options);
  for (const cv::Mat3b& frame : frames) vote.Add(frame);
  return vote.Finish();
}

/// The obvious mode: a map of every colour.
cv::Vec3b ExactMode(const std::vector<cv::Mat3b>& frames, int y, int x, int* count) {
  std::map<std::array<uchar, 3>, int> counts;
  for (const cv::Mat3b& frame : frames) ++counts[{frame(y, x)[0], frame(y, x)[1], frame(y, x)[2]}];
  const auto best = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  *count = best->second;
  return {best->first[0], best->first[1], best->first[2]};
}

TEST(ColourVoteTest, WithoutNoiseItIsTheExactModeWhereOneColourHasAFifth) {
  const std::vector<cv::Mat3b> frames = PassingBy(Still({301, 5}), 60, 0);
  ColourVoteOptions options;
  options.tolerance = 0;
  const ColourVote::Mode mode = VoteOf(frames, options);
  for (int y = 0; y < mode.colour.rows; ++y) {
    for (int x = 0; x < mode.colour.cols; ++x) {
      int count = 0;
      const cv::Vec3b exact = ExactMode(frames, y, x, &count);
      ASSERT_GT(count, 60 / 5 - 3);
      if (count <= 60 / 5) continue;
      EXPECT_EQ(mode.colour(y, x), exact) << x << "," << y;
      EXPECT_LE(mode.support(y, x), static_cast<float>(count) / 60.0F + 1e-6F);
      EXPECT_GE(mode.support(y, x), static_cast<float>(count) / 60.0F - 0.2F);
    }
  }
}

TEST(ColourVoteTest, AveragesNoiseAwayInAnyOrder) {
  const cv::Mat3b still = Still({300, 6});
  std::vector<cv::Mat3b> frames = PassingBy(still, 80, 4);
  const ColourVote::Mode forward = VoteOf(frames);
  std::reverse(frames.begin(), frames.end());
  const ColourVote::Mode backward = VoteOf(frames);
  int worst = 0;
  for (int y = 0; y < still.rows; ++y) {
    for (int x = 0; x < still.cols; ++x) {
      for (int c = 0; c < 3; ++c) {
        EXPECT_LE(std::abs(forward.colour(y, x)[c] - backward.colour(y, x)[c]),
                  ColourVoteOptions().tolerance);
        worst = std::max(worst, std::abs(forward.colour(y, x)[c] - still(y, x)[c]));
      }
    }
  }
  EXPECT_LE(worst, 4);
}

TEST(ColourVoteTest, DoubtfulSamplesAreOutvoted) {
  const cv::Size size(270, 3);
  ColourVote vote(size);
  for (int t = 0; t < 30; ++t) {
    const bool caller = t % 3 != 0;  // Two thirds of the frames show the caller, and are marked.
    vote.Add(cv::Mat3b(size, caller ? cv::Vec3b(10, 20, 200) : cv::Vec3b(90, 80, 70)),
             cv::Mat1b(size, caller ? uchar{255} : uchar{0}));
  }
  const ColourVote::Mode mode = vote.Finish();
  EXPECT_EQ(mode.colour(1, 260), cv::Vec3b(90, 80, 70));
  EXPECT_NEAR(mode.support(1, 260), 320.0F / 340.0F, 1e-6F);
  EXPECT_EQ(mode.known(1, 260), 255);
}

TEST(ColourVoteTest, AColourOfDoubtfulSamplesAloneIsNotKnown) {
  const cv::Size size(9, 2);
  ColourVote vote(size);
  const cv::Mat1b caller(size, uchar{255});
  for (int t = 0; t < 20; ++t) vote.Add(cv::Mat3b(size, cv::Vec3b(10, 20, 200)), caller);
  EXPECT_EQ(vote.Finish().colour(1, 1), cv::Vec3b(10, 20, 200));
  EXPECT_EQ(cv::countNonZero(vote.Finish().known), 0);
  for (int t = 0; t < 3; ++t) vote.Add(cv::Mat3b(size, cv::Vec3b(90, 80, 70)));
  EXPECT_EQ(vote.Finish().colour(1, 1), cv::Vec3b(90, 80, 70));
  EXPECT_EQ(cv::countNonZero(vote.Finish().known), size.area());
}

TEST(ColourVoteTest, RecentresAfterABadStart) {
  const cv::Size size(40, 2);
  ColourVote vote(size);
  vote.Add(cv::Mat3b(size, cv::Vec3b(108, 100, 100)));  // An outlier founds the cluster.
  for (int t = 0; t < 63; ++t) vote.Add(cv::Mat3b(size, cv::Vec3b::all(static_cast<uchar>(100 - (t & 3)))));
  const ColourVote::Mode mode = vote.Finish();
  EXPECT_NEAR(mode.colour(1, 1)[0], 98, 1);
  EXPECT_GT(mode.support(1, 1), 0.9F);
}

TEST(ColourVoteTest, DoesNotDependOnThreads) {
  const std::vector<cv::Mat3b> frames = PassingBy(Still({100, 90}), 20, 3);
  ColourVote::Mode one;
  {
    const ThreadLimit limit(1);
    one = VoteOf(frames);
  }
  const ColourVote::Mode many = VoteOf(frames);
  EXPECT_EQ(cv::norm(one.colour, many.colour, cv::NORM_INF), 0.0);
  EXPECT_EQ(cv::norm(one.support, many.support, cv::NORM_INF), 0.0);
}

TEST(ColourVoteTest, NothingAddedHasNoSupport) {
  EXPECT_EQ(cv::countNonZero(ColourVote({3, 2}).Finish().support), 0);
}

TEST(ColourVoteTest, RefusesBadOptions) {
  ColourVoteOptions options;
  options.tolerance = -1;
  ASSERT_FALSE(options.Validate().ok());
  EXPECT_EQ(options.Validate().error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::image
