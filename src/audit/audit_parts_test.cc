// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/raw_frames.h"
#include "audit/redact.h"
#include "audit/survey.h"
#include "audit/timeline.h"
#include "audit/verdict.h"
#include "audit/worst_moments.h"
#include "image/colour_vote.h"

namespace peekproof::audit {
namespace {

int CountSampled(int64_t first, int64_t end, int64_t total, int64_t wanted) {
  int count = 0;
  for (int64_t i = first; i < end; ++i) count += IsSampled(i, total, wanted) ? 1 : 0;
  return count;
}

TEST(IsSampledTest, SpreadsTheWantedFramesEvenly) {
  for (const int64_t total : {300, 301, 599, 750, 1500, 90000}) {
    EXPECT_EQ(CountSampled(0, total, total, 300), 300) << total;
    EXPECT_NEAR(CountSampled(0, total / 2, total, 300), 150, 1) << total;
    EXPECT_TRUE(IsSampled(0, total, 300));
  }
  EXPECT_EQ(CountSampled(0, 200, 200, 300), 200);
}

TEST(IsSampledTest, ThinsOutBehindTheStatedEnd) {
  EXPECT_NEAR(CountSampled(0, 300, 0, 300), 300, 1);
  EXPECT_NEAR(CountSampled(300, 600, 0, 300), 150, 1);
  EXPECT_NEAR(CountSampled(600, 1200, 0, 300), 150, 1);
  EXPECT_NEAR(CountSampled(750, 1500, 750, 300), 150, 1);
  EXPECT_LT(CountSampled(0, 1000000, 0, 300), image::ColourVote::kMaxFrames);
  EXPECT_FALSE(IsSampled(int64_t{1} << 40, 0, 300));
}

TEST(TimelineTest, KeepsEachFrameWhileThereIsRoom) {
  Timeline timeline;
  timeline.Add(0.0, 0.1, 0.1);
  timeline.Add(0.5, 0.3, 0.2);
  ASSERT_EQ(timeline.Samples().size(), 2U);
  EXPECT_DOUBLE_EQ(timeline.Samples()[1].leak_share, 0.3);
}

TEST(TimelineTest, BoundsTheNumberOfSamplesAndKeepsTheMean) {
  Timeline timeline;
  constexpr int kFrames = 100000;
  for (int i = 0; i < kFrames; ++i) timeline.Add(i / 25.0, i % 2 == 0 ? 0.2 : 0.4, i / 1e5);
  const auto samples = timeline.Samples();
  EXPECT_LE(samples.size(), Timeline::kMaxSamples);
  EXPECT_GE(samples.size(), Timeline::kMaxSamples / 2);
  for (const LeakSample& sample : samples) EXPECT_NEAR(sample.leak_share, 0.3, 1e-9);
  EXPECT_NEAR(samples.back().revealed_share, 1.0, 1e-3);
}

WorstMoments Offered(const std::vector<std::pair<double, double>>& times_and_shares) {
  WorstMoments worst;
  for (const auto& [time_s, share] : times_and_shares) {
    worst.Offer({.index = static_cast<int64_t>(time_s * 10), .time_s = time_s}, cv::Mat1b(2, 2, uchar{255}),
                share, [] { return cv::Mat3b(2, 2, cv::Vec3b(1, 2, 3)); });
  }
  return worst;
}

TEST(WorstMomentsTest, KeepsTheWorstOfEachSecond) {
  const WorstMoments worst = Offered({{0.0, 0.1}, {0.4, 0.3}, {0.8, 0.2}, {5.0, 0.05}});
  ASSERT_EQ(worst.moments().size(), 2U);
  EXPECT_DOUBLE_EQ(worst.moments()[0].time_s, 0.4);
  EXPECT_DOUBLE_EQ(worst.moments()[1].time_s, 5.0);
}

TEST(WorstMomentsTest, KeepsAtMostSixWorstFirst) {
  std::vector<std::pair<double, double>> offers;
  for (int i = 0; i < 20; ++i) offers.emplace_back(2.0 * i, 0.01 * ((i * 7) % 20 + 1));
  const WorstMoments worst = Offered(offers);
  ASSERT_EQ(worst.moments().size(), WorstMoments::kMaxMoments);
  for (size_t i = 0; i < WorstMoments::kMaxMoments; ++i) {
    EXPECT_NEAR(worst.moments()[i].leak_share, 0.01 * (20 - static_cast<double>(i)), 1e-9);
  }
}

TEST(WorstMomentsTest, AMomentWithoutLeakIsNotKept) { EXPECT_TRUE(Offered({{0.0, 0.0}}).moments().empty()); }

TEST(RedactTest, BlacksOutTheCallerAndACollarButNotTheLeak) {
  const cv::Mat3b frame(100, 100, cv::Vec3b(200, 200, 200));
  image::AlphaMask caller{cv::Mat1f(100, 100, 0.0F)};
  caller.values(cv::Rect(40, 40, 20, 20)) = 1.0F;
  cv::Mat1b leak(100, 100, uchar{0});
  leak(50, 61) = 255;
  leak(50, 50) = 255;
  const cv::Mat3b redacted = BlackOutCaller(frame, caller, leak);
  EXPECT_EQ(redacted(50, 50), cv::Vec3b(0, 0, 0))
      << "inside the caller nothing is shown, whatever it is called";
  EXPECT_EQ(redacted(51, 61), cv::Vec3b(0, 0, 0)) << "the collar is hidden";
  EXPECT_EQ(redacted(50, 61), cv::Vec3b(200, 200, 200)) << "a leak in the collar is shown";
  EXPECT_EQ(redacted(10, 10), cv::Vec3b(200, 200, 200));
}

class RoomShareTest : public testing::Test {
 protected:
  cv::Mat3b wallpaper = cv::Mat3b(90, 160, cv::Vec3b(10, 120, 40));
  cv::Mat1b known = cv::Mat1b(90, 160, uchar{255});
  image::AlphaMask caller{cv::Mat1f(90, 160, 0.0F)};
};

TEST_F(RoomShareTest, IsZeroOnTheWallpaperAndOneOnAnotherPicture) {
  EXPECT_DOUBLE_EQ(RoomShare(wallpaper, wallpaper, known, caller), 0.0);
  EXPECT_DOUBLE_EQ(RoomShare(cv::Mat3b(90, 160, cv::Vec3b(90, 90, 90)), wallpaper, known, caller), 1.0);
}

TEST_F(RoomShareTest, IgnoresTheCallerAndUnknownWallpaper) {
  cv::Mat3b frame = wallpaper.clone();
  frame(cv::Rect(40, 0, 40, 90)).setTo(cv::Scalar(0, 0, 255));
  caller.values(cv::Rect(40, 0, 40, 90)) = 1.0F;
  EXPECT_DOUBLE_EQ(RoomShare(frame, wallpaper, known, caller), 0.0);
  frame(cv::Rect(120, 0, 40, 90)).setTo(cv::Scalar(0, 0, 255));
  known(cv::Rect(120, 0, 40, 90)) = 0;
  EXPECT_DOUBLE_EQ(RoomShare(frame, wallpaper, known, caller), 0.0);
  caller.values = 1.0F;
  EXPECT_DOUBLE_EQ(RoomShare(frame, wallpaper, known, caller), 0.0) << "nothing left to look at";
}

TEST(RawFramesTest, JoinsNeighboursAndNamesTheStart) {
  RawFrames raw;
  for (int frame = 0; frame < 100; ++frame) {
    const bool shown = frame < 5 || (frame >= 50 && frame < 60 && frame != 55);
    EXPECT_EQ(raw.Add(frame, frame / 25.0, shown ? 0.9 : 0.05), shown);
  }
  const auto intervals = raw.Intervals(0.0);
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_EQ(intervals[0].frames, 5);
  EXPECT_EQ(intervals[0].reason, "start of the call");
  EXPECT_EQ(intervals[1].frames, 9);
  EXPECT_EQ(intervals[1].reason, "glitch");
  EXPECT_DOUBLE_EQ(intervals[1].end_s, 59 / 25.0);
}

TEST(RawFramesTest, MergesOverlappingIntervals) {
  const auto merged = MergeRawIntervals({{.start_s = 2.0, .end_s = 3.0, .frames = 10},
                                         {.start_s = 0.0, .end_s = 1.0, .frames = 5},
                                         {.start_s = 3.05, .end_s = 4.0, .frames = 7}},
                                        0.1);
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged[1].frames, 17);
  EXPECT_DOUBLE_EQ(merged[1].end_s, 4.0);
}

SegmentResult Segment(BackgroundKind kind, double expected_correct) {
  return {.frames = 100,
          .background = kind,
          .caller_share = 0.3,
          .recovered_share = 2 * expected_correct,
          .expected_correct_share = expected_correct};
}

AuditResult Concluded(std::vector<SegmentResult> segments, std::vector<RawInterval> raw = {}) {
  AuditResult result;
  result.frame_rate = 25;
  result.segments = std::move(segments);
  result.raw = std::move(raw);
  Conclude(&result);
  return result;
}

TEST(VerdictTest, FollowsFromTheWorstFinding) {
  const SegmentResult leaking = Segment(BackgroundKind::kStaticWallpaper, 0.03);
  EXPECT_EQ(Concluded({leaking}).verdict, Verdict::kLeaks);
  EXPECT_EQ(Concluded({leaking}, {{.frames = 3}}).verdict, Verdict::kRoomShown);
  EXPECT_EQ(Concluded({Segment(BackgroundKind::kStaticWallpaper, 0.001)}).verdict, Verdict::kNoLeakFound);
  EXPECT_EQ(Concluded({Segment(BackgroundKind::kNone, 0.2)}).verdict, Verdict::kNoVirtualBackground);
  EXPECT_EQ(Concluded({Segment(BackgroundKind::kAnimatedWallpaper, 0.2)}).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(Concluded({}).verdict, Verdict::kNotApplicable);
  SegmentResult glimpse = Segment(BackgroundKind::kNone, 0.0);
  glimpse.frames = 3;
  const SegmentResult moving = Segment(BackgroundKind::kAnimatedWallpaper, 0.0);
  EXPECT_EQ(Concluded({moving, glimpse}).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(Concluded({moving, Segment(BackgroundKind::kNone, 0.0)}).verdict, Verdict::kNoVirtualBackground);
  SegmentResult empty = leaking;
  empty.caller_share = 0;
  EXPECT_EQ(Concluded({empty}).verdict, Verdict::kNoCaller);
}

TEST(VerdictTest, SharesComeFromTheReplacedSegmentWithTheLargestLeak) {
  const AuditResult result =
      Concluded({Segment(BackgroundKind::kNone, 0.5), Segment(BackgroundKind::kStaticWallpaper, 0.01),
                 Segment(BackgroundKind::kStaticWallpaper, 0.04)});
  EXPECT_EQ(result.main_segment, 2U);
  EXPECT_DOUBLE_EQ(result.expected_correct_share, 0.04);
  EXPECT_THAT(result.verdict_sentence, testing::HasSubstr("4.0 %"));
  EXPECT_FALSE(result.advice.empty());
  EXPECT_FALSE(result.limits.empty());
}

TEST(VerdictTest, SaysWhichPartOfTheBackgroundItLeavesOut) {
  SegmentResult segment = Segment(BackgroundKind::kStaticWallpaper, 0.0);
  segment.moving_share = 0.2;
  EXPECT_EQ(Concluded({segment}).verdict, Verdict::kPartlyAudited);
  EXPECT_THAT(Concluded({segment}).verdict_sentence,
              testing::HasSubstr("20 % of the background moves by itself"));
  EXPECT_THAT(Concluded({segment}).advice[0], testing::HasSubstr("--wallpaper"));
  segment.moving_share = 0.001;
  EXPECT_EQ(Concluded({segment}).verdict, Verdict::kNoLeakFound);
  EXPECT_THAT(Concluded({segment}).verdict_sentence, testing::Not(testing::HasSubstr("moves")));
}

TEST(VerdictTest, CallsNothingCleanThatWasPassedOver) {
  const SegmentResult clean = Segment(BackgroundKind::kStaticWallpaper, 0.0);
  SegmentResult other = Segment(BackgroundKind::kAnimatedWallpaper, 0.0);
  AuditResult result = Concluded({clean, other});
  EXPECT_EQ(result.verdict, Verdict::kPartlyAudited);
  EXPECT_THAT(result.verdict_sentence, testing::HasSubstr("another kind of background"));
  EXPECT_FALSE(result.advice.empty());
  other.caller_share = 0;
  EXPECT_EQ(Concluded({clean, other}).verdict, Verdict::kNoLeakFound) << "nobody to look behind";
  other = Segment(BackgroundKind::kUnknown, 0.0);
  other.frames = 1;
  EXPECT_EQ(Concluded({clean, other}).verdict, Verdict::kNoLeakFound) << "one frame of a hundred";

  AuditResult stopped;
  stopped.segments = {clean};
  stopped.interrupted = true;
  Conclude(&stopped);
  EXPECT_EQ(stopped.verdict, Verdict::kPartlyAudited);
  EXPECT_THAT(stopped.verdict_sentence, testing::HasSubstr("Stopped early"));
}

TEST(VerdictTest, SaysSoWhereNothingOfALeakIsSure) {
  SegmentResult segment = Segment(BackgroundKind::kStaticWallpaper, 0.03);
  EXPECT_THAT(Concluded({segment}).verdict_sentence, testing::HasSubstr("hardly a pixel"));
  segment.confident_share = 0.01;
  EXPECT_THAT(Concluded({segment}).verdict_sentence, testing::Not(testing::HasSubstr("hardly a pixel")));
}

TEST(VerdictTest, ABlurIsJudgedByWhatCanBeRead) {
  SegmentResult segment = Segment(BackgroundKind::kBlurred, 0);
  EXPECT_EQ(Concluded({segment}).verdict, Verdict::kNotApplicable) << "nothing was seen of it";
  segment.blur =
      BlurResult{.family = "gaussian", .sigma_px = 8, .noise = 0.1, .seen_px = 52, .readable_px = 26};
  AuditResult result = Concluded({Segment(BackgroundKind::kNone, 0.5), segment});
  EXPECT_EQ(result.verdict, Verdict::kBlurred);
  EXPECT_EQ(result.main_segment, 1U);
  EXPECT_THAT(result.verdict_sentence,
              testing::AllOf(testing::HasSubstr("26 pixels"), testing::HasSubstr("it takes 52 pixels")));
  EXPECT_THAT(result.advice.at(0), testing::HasSubstr("a blur of at least"));
  EXPECT_EQ(Concluded({segment}, {{.frames = 3}}).verdict, Verdict::kRoomShown);
  segment.blur->sigma_px = 0;
  result = Concluded({segment});
  EXPECT_THAT(result.verdict_sentence, testing::HasSubstr("could not be told"));
  EXPECT_EQ(Concluded({segment, Segment(BackgroundKind::kStaticWallpaper, 0.03)}).verdict, Verdict::kLeaks);
}

}  // namespace
}  // namespace peekproof::audit
