// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/zoomg.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <vector>

#include "attacks/exact_zoomg.h"
#include "attacks/synthetic_scene.h"
#include "base/parallel.h"
#include "base/random.h"

namespace peekproof::attacks {
namespace {

struct Answers {
  image::Reconstruction room;
  cv::Mat1b proven;
};

Answers Recover(const ZoomgOptions& options, const std::vector<cv::Mat3b>& frames) {
  Zoomg attack(options);
  image::Frame frame;
  for (int survey = 0; survey < attack.surveys(); ++survey) {
    for (const cv::Mat3b& bgr : frames) {
      frame.bgr = bgr;
      attack.Survey(survey, frame);
    }
  }
  const auto gatherer = attack.MakeGatherer();
  FrameEvidence evidence;
  for (size_t t = 0; t < frames.size(); ++t) {
    evidence.frame.bgr = frames[t];
    evidence.frame.time_s = 0.1 * static_cast<double>(t);
    gatherer->Add(evidence);
  }
  return {gatherer->Finish(), dynamic_cast<const ZoomgGatherer&>(*gatherer).Proven()};
}

/// Shares of pixels that are proven, and of those that are zoomg's answer; proven ones must be.
std::pair<double, double> CompareWithExact(const ZoomgOptions& options,
                                           const std::vector<cv::Mat3b>& frames) {
  const Answers ours = Recover(options, frames);
  const cv::Size size = frames.front().size();
  int same = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      ExactZoomg exact(options);
      for (const cv::Mat3b& frame : frames) exact.Add(PackColour(frame(y, x)));
      const std::optional<uint32_t> answer = exact.Answer();
      std::optional<uint32_t> our;
      if (ours.room.evidence(y, x) > 0) our = PackColour(ours.room.bgr(y, x));
      same += our == answer ? 1 : 0;
      if (ours.proven(y, x) != 0) {
        EXPECT_EQ(our, answer) << x << " " << y;
      }
    }
  }
  return {cv::countNonZero(ours.proven) / static_cast<double>(size.area()),
          same / static_cast<double>(size.area())};
}

std::vector<cv::Mat3b> CallFrames(int frames) {
  SyntheticSceneOptions options;
  options.size = {96, 54};
  options.frames = frames;
  const SyntheticScene scene(options);
  std::vector<cv::Mat3b> all;
  for (int t = 0; t < frames; ++t) all.push_back(scene.At(t).evidence.frame.bgr);
  return all;
}

/// Pixels of few colours, so that counts tie and thresholds matter.
std::vector<cv::Mat3b> FewColours(int frames) {
  std::vector<cv::Mat3b> all;
  for (int t = 0; t < frames; ++t) {
    cv::Mat3b frame(8, 40);
    for (int y = 0; y < frame.rows; ++y) {
      RowRandom random(4, static_cast<uint64_t>(t), static_cast<uint64_t>(y));
      for (int x = 0; x < frame.cols; ++x) {
        const auto level =
            static_cast<uint8_t>(60 + 25 * std::floor(4 * random.Uniform() * random.Uniform()));
        frame(y, x) = {level, static_cast<uint8_t>(level / 2), static_cast<uint8_t>(random.Next() % 2 * 90)};
      }
    }
    all.push_back(frame);
  }
  return all;
}

TEST(ZoomgTest, IsZoomgWhereColoursAreFew) {
  const std::vector<cv::Mat3b> frames = FewColours(60);
  for (const RareColourRule rule :
       {RareColourRule::kCiede2000, RareColourRule::kCosine, RareColourRule::kSum}) {
    for (const int noise_frame : {0, 2}) {
      ZoomgOptions options{rule, 5.06, noise_frame};
      if (rule == RareColourRule::kCosine) options.threshold = 0.95;
      const auto [proven, same] = CompareWithExact(options, frames);
      EXPECT_EQ(proven, 1) << static_cast<int>(rule) << " " << noise_frame;
      EXPECT_EQ(same, 1);
    }
  }
}

TEST(ZoomgTest, IsZoomgOnACodedCall) {
  for (const int frames : {40, 240}) {
    const auto [proven, same] = CompareWithExact({}, CallFrames(frames));
    std::cout << frames << " frames: proven " << proven << ", same " << same << "\n";
    EXPECT_GT(proven, 0.99);
    EXPECT_EQ(same, 1);
  }
}

TEST(ZoomgTest, FindsARoomThatShowsOnce) {
  std::vector<cv::Mat3b> frames(30, cv::Mat3b(4, 4, cv::Vec3b(90, 90, 90)));
  frames[7] = cv::Mat3b(4, 4, cv::Vec3b(10, 200, 30));
  const image::Reconstruction room = Recover({}, frames).room;
  EXPECT_EQ(room.bgr(2, 2), cv::Vec3b(10, 200, 30));
  EXPECT_EQ(room.evidence(2, 2), 1);
  EXPECT_NEAR(room.first_seen_s(2, 2), 0.7F, 1e-6F);
  EXPECT_EQ(cv::countNonZero(Recover({.noise_frame = 1}, frames).room.Present()), 0) << "noise, then";
}

TEST(ZoomgTest, DoesNotDependOnThreads) {
  const std::vector<cv::Mat3b> frames = CallFrames(20);
  image::Reconstruction one;
  {
    const ThreadLimit limit(1);
    one = Recover({}, frames).room;
  }
  const image::Reconstruction many = Recover({}, frames).room;
  EXPECT_EQ(cv::norm(one.bgr, many.bgr, cv::NORM_INF), 0.0);
  EXPECT_EQ(cv::norm(one.evidence, many.evidence, cv::NORM_INF), 0.0);
}

}  // namespace
}  // namespace peekproof::attacks
