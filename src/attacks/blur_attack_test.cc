// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_attack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "attacks/room_average.h"
#include "attacks/sample_stack.h"
#include "attacks/testing.h"
#include "engines/blur.h"
#include "testbed/room.h"

namespace peekproof::attacks {
namespace {

const cv::Size kCallSize(960, 540);

double RootMeanSquare(const cv::Mat& difference) {
  return cv::norm(difference) / std::sqrt(static_cast<double>(difference.total() * difference.channels()));
}

TEST(SampleStack, KeepsAnEvenChoiceOfAnyLength) {
  SampleStack stack;
  const cv::Mat1b nobody(1, 1, uint8_t{0});
  for (int i = 0; i < 200; ++i) stack.Add(cv::Mat3b(1, 1, cv::Vec3b::all(static_cast<uint8_t>(i))), nobody);
  // Of every fourth one: 0, 4, ..., 196.
  EXPECT_EQ(stack.frames(), 50);
  EXPECT_EQ(stack.Median()(0, 0)[0], 96);
}

TEST(SampleStack, LeavesTheExcludedOut) {
  SampleStack stack;
  stack.Add(cv::Mat3b(1, 2, cv::Vec3b::all(10)), (cv::Mat1b(1, 2) << 0, 255));
  stack.Add(cv::Mat3b(1, 2, cv::Vec3b::all(90)), (cv::Mat1b(1, 2) << 255, 255));
  EXPECT_EQ(stack.Median()(0, 0)[0], 10);
  EXPECT_EQ(stack.Median()(0, 1)[0], 0) << "never seen";
}

TEST(SampleStack, ComesAsNearToTheExactMedianAsItSays) {
  constexpr int kFrames = 400;
  constexpr double kNoise = 6;
  const cv::Mat3b grey(40, 60, cv::Vec3b::all(120));
  const cv::Mat1b nobody(grey.size(), uint8_t{0});
  SampleStack some(64);
  SampleStack all(kFrames);
  for (int i = 0; i < kFrames; ++i) {
    const cv::Mat3b frame = Noisy(grey, kNoise, static_cast<uint64_t>(i));
    some.Add(frame, nobody);
    all.Add(frame, nobody);
  }
  EXPECT_EQ(some.frames(), 50);
  EXPECT_EQ(all.frames(), kFrames);
  cv::Mat3f a;
  cv::Mat3f b;
  some.Median().convertTo(a, CV_32F);
  all.Median().convertTo(b, CV_32F);
  const double expected = 1.25 * kNoise * std::sqrt(1.0 / some.frames() - 1.0 / kFrames);
  const double measured = RootMeanSquare(cv::Mat(a - b));
  EXPECT_GT(measured, 0.8 * expected);
  EXPECT_LT(measured, std::hypot(1.1 * expected, 0.5)) << "and rounding";
}

TEST(RunningLargest, IsExactAndLeavesTheExcludedOut) {
  RunningLargest largest;
  for (int i = 0; i < 300; ++i) {
    const auto level = static_cast<uint8_t>(i == 77 ? 201 : i % 100);
    largest.Add(cv::Mat3b(1, 2, cv::Vec3b(level, 5, 9)), (cv::Mat1b(1, 2) << 0, i == 77 ? 255 : 0));
  }
  EXPECT_EQ(largest.picture()(0, 0), cv::Vec3b(201, 5, 9));
  EXPECT_EQ(largest.picture()(0, 1), cv::Vec3b(99, 5, 9));
}

TEST(RoomAverage, WeighsFramesByTheirNoise) {
  const cv::Mat3b room = testbed::MakeRoom(5, {240, 136}).bgr;
  const cv::Mat1b nobody(room.size(), uint8_t{0});
  RoomAverage equal(room.size());
  RoomAverage weighted(room.size(), FrameWeights::kByNoise);
  for (int i = 0; i < 24; ++i) {
    // Every third frame is coarse, in its left half.
    cv::Mat3b frame = Noisy(room, 1, static_cast<uint64_t>(i));
    cv::Mat3b left = frame.colRange(0, 120);
    if (i % 3 == 1) Noisy(left, 8, static_cast<uint64_t>(1000 + i)).copyTo(left);
    equal.Add(frame, nobody);
    weighted.Add(frame, nobody);
  }
  cv::Mat3f truth;
  room.convertTo(truth, CV_32F);
  const auto error = [&](const RoomAverage& average, const cv::Range& columns) {
    return RootMeanSquare(cv::Mat(average.Finish().mean.colRange(columns) - truth.colRange(columns)));
  };
  EXPECT_LT(error(weighted, {4, 110}), 0.5 * error(equal, {4, 110}));
  EXPECT_LT(error(weighted, {130, 236}), 1.15 * error(equal, {130, 236}))
      << "loses little where all are alike";
}

TEST(BlurAttack, OursReadsMoreThanThePublishedPipelineLeaves) {
  const cv::Mat3b room = testbed::MakeChartRoom(3, kCallSize).bgr;
  auto background = engines::MakeBlur("gaussian(sigma=5)").value();
  const cv::Mat1b nobody(kCallSize, uint8_t{0});
  image::AlphaMask caller{cv::Mat1f(kCallSize, 0.0F)};
  caller.values(cv::Rect(400, 270, 160, 270)) = 1.0F;
  auto ours = BlurAttack::Create("deblur", kCallSize).value();
  auto study = BlurAttack::Create("blur-study", kCallSize).value();
  for (int i = 0; i < 6; ++i) {
    image::Frame frame;
    frame.index = i;
    frame.bgr = Noisy(room, 2.5, static_cast<uint64_t>(i));
    frame.bgr = background->Draw({frame, nobody}).value()->clone();
    ours->Add(frame, caller);
    study->Add(frame, caller);
  }
  const BlurFindings restored = ours->Finish().value();
  const BlurFindings aggregated = study->Finish().value();
  const cv::Rect chart(30, 30, 240, 300);
  const auto distance = [&](const cv::Mat3b& picture) { return cv::norm(picture(chart), room(chart)); };
  EXPECT_LT(distance(restored.restored), 0.7 * distance(restored.aggregate));
  EXPECT_GT(distance(aggregated.restored), distance(restored.restored));
  EXPECT_EQ(aggregated.aggregate(500, 480), cv::Vec3b(0, 0, 0)) << "the study takes black for room";
  EXPECT_NE(restored.aggregate(500, 480), cv::Vec3b(0, 0, 0)) << "filled from around";
  EXPECT_EQ(restored.frames, 6);
}

TEST(BlurAttack, TakesAGivenWidthAndEveryNthFrame) {
  auto attack = BlurAttack::Create("deblur(sigma=5,every=2,restore=wiener,margin=0.02)", {320, 180}).value();
  EXPECT_FALSE(attack->Finish().ok()) << "nothing was added";
  const image::AlphaMask nobody{cv::Mat1f(180, 320, 0.0F)};
  for (int i = 0; i < 5; ++i) {
    image::Frame frame;
    frame.bgr = testbed::MakeRoom(1, {320, 180}).bgr;
    attack->Add(frame, nobody);
  }
  const BlurFindings findings = attack->Finish().value();
  EXPECT_EQ(findings.frames, 3);
  EXPECT_FALSE(findings.blur);
  EXPECT_GT(cv::norm(findings.restored, findings.aggregate), 0) << "restored with the width given";
}

TEST(BlurAttack, ShrinksAndTellsWhatItFoundInPixelsOfTheFrame) {
  const cv::Mat3b room = testbed::MakeRoom(4, {1280, 720}).bgr;
  auto background = engines::MakeBlur("gaussian(sigma=10)").value();
  const cv::Mat1b nobody(room.size(), uint8_t{0});
  const image::AlphaMask no_caller{cv::Mat1f(room.size(), 0.0F)};
  auto attack = BlurAttack::Create("deblur(resize-long=640)", room.size()).value();
  std::vector<image::Frame> frames(4);
  for (size_t i = 0; i < frames.size(); ++i) {
    frames[i].bgr = Noisy(room, 2.5, i);
    frames[i].bgr = background->Draw({frames[i], nobody}).value()->clone();
    attack->Add(frames[i], no_caller);
  }
  const BlurFindings first = attack->Finish().value();
  ASSERT_TRUE(first.blur);
  EXPECT_NEAR(first.blur->kernel.sigma_px, 10, 1.2);
  EXPECT_EQ(first.restored.size(), room.size());
  EXPECT_EQ(first.average.mean.size(), cv::Size(640, 360));
  EXPECT_LT(cv::norm(first.restored, room), cv::norm(first.aggregate, room));
  attack->StartAgain(first);
  for (const image::Frame& frame : frames) attack->AddAgain(frame, no_caller);
  const BlurFindings again = attack->FinishAgain(first).value();
  EXPECT_NEAR(again.blur->kernel.sigma_px, 10, 1.2);
  EXPECT_EQ(again.support.size(), room.size());
}

TEST(BlurAttack, TakesFramesAtTheRateGiven) {
  const auto taken = [](double rate, double fps, int every) {
    FrameChoice choice(fps, every);
    int count = 0;
    for (int i = 0; i < 100; ++i) count += choice.Takes(5 + i / rate) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(taken(30, 0, 1), 100);
  EXPECT_EQ(taken(30, 60, 1), 100);
  EXPECT_EQ(taken(30, 15, 1), 50);
  EXPECT_EQ(taken(30, 10, 2), 17);
  EXPECT_NEAR(taken(30, 20, 1), 67, 1);
}

TEST(BlurAttack, AlignsAShakenCamera) {
  const cv::Mat3b room = testbed::MakeChartRoom(3, {kCallSize.width + 40, kCallSize.height}).bgr;
  cv::Mat3b blurred;
  cv::GaussianBlur(room, blurred, {}, 4.0);
  const image::AlphaMask nobody{cv::Mat1f(kCallSize, 0.0F)};
  const auto attacked = [&](const std::string& spec) {
    auto attack = BlurAttack::Create(spec, kCallSize).value();
    for (int i = 0; i < 8; ++i) {
      image::Frame frame;
      frame.bgr = Noisy(blurred(cv::Rect({(i * 13) % 24, 0}, kCallSize)), 1, static_cast<uint64_t>(i));
      attack->Add(frame, nobody);
    }
    return attack->Finish().value();
  };
  const BlurFindings aligned = attacked("deblur(sigma=4)");
  const BlurFindings smeared = attacked("deblur(sigma=4,align=none)");
  EXPECT_EQ(aligned.moved_frames, 7);
  EXPECT_EQ(smeared.moved_frames, 0);
  const cv::Rect chart(30, 30, 240, 300);
  const auto distance = [&](const cv::Mat3b& picture) { return cv::norm(picture(chart), room(chart)); };
  EXPECT_LT(distance(aligned.restored), 0.6 * distance(smeared.restored));
}

TEST(BlurAttack, RefusesWhatItDoesNotKnow) {
  for (const char* spec : {"sharpen", "deblur(restore=magic)", "deblur(every=0)", "deblur(caller=2)",
                           "deblur(align=orb)", "deblur(resize-long=20)", "deblur(samples=1)"})
    EXPECT_FALSE(BlurAttack::Create(spec, kCallSize).ok()) << spec;
  EXPECT_EQ(ListBlurAttacks().size(), 2U);
}

TEST(BlurAttack, SaysSoWhereTheCallerFillsThePicture) {
  auto attack = BlurAttack::Create("deblur", {64, 36}).value();
  image::Frame frame;
  frame.bgr = cv::Mat3b(36, 64, cv::Vec3b(1, 2, 3));
  attack->Add(frame, {cv::Mat1f(36, 64, 1.0F)});
  EXPECT_EQ(attack->Finish().error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::attacks
