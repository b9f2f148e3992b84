// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/frame_alignment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "attacks/motion_fit.h"
#include "base/random.h"
#include "testbed/room.h"

namespace peekproof::attacks {
namespace {

const cv::Size kShotSize(960, 540);

/// A shift and a turn about the frame's centre.
FrameFromReference Turned(double dx, double dy, double radians) {
  const cv::Point2d centre(0.5 * (kShotSize.width - 1), 0.5 * (kShotSize.height - 1));
  const double c = std::cos(radians);
  const double s = std::sin(radians);
  return {c, -s, centre.x - c * centre.x + s * centre.y + dx,
          s, c,  centre.y - s * centre.x - c * centre.y + dy};
}

/// A room behind a blur and a caller of a colour of his own before it, filmed by a camera that has moved.
struct Shot {
  cv::Mat3b bgr;
  cv::Mat1f caller;
};
Shot Film(const cv::Mat3b& wide_room, const FrameFromReference& motion, int frame, double noise = 1) {
  constexpr double kSigma = 6;
  constexpr int kBorder = 60;
  const cv::Size wide = wide_room.size();
  cv::Mat1f caller(wide, 0.0F);
  cv::ellipse(caller, {wide.width / 2 + 12 * frame, wide.height - 100}, {80, 200}, 0, 0, 360, 1.0,
              cv::FILLED);
  cv::Mat3f picture;
  wide_room.convertTo(picture, CV_32F);
  cv::Mat1b there;
  caller.convertTo(there, CV_8U, 255);
  picture.setTo(cv::Scalar(40, 60, 200), there);
  cv::Mat3f blurred;
  cv::GaussianBlur(picture, blurred, {}, kSigma);
  picture.copyTo(blurred, there);
  FrameFromReference seen = motion;  // Without the border, which the camera may move into.
  seen(0, 2) += kBorder - kBorder * (motion(0, 0) + motion(0, 1));
  seen(1, 2) += kBorder - kBorder * (motion(1, 0) + motion(1, 1));
  Shot shot;
  cv::Mat3f moved;
  cv::warpAffine(blurred, moved, seen, wide, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  cv::warpAffine(caller, shot.caller, seen, wide, cv::INTER_LINEAR);
  moved = moved(cv::Rect({kBorder, kBorder}, kShotSize));
  shot.caller = shot.caller(cv::Rect({kBorder, kBorder}, kShotSize)).clone();
  shot.bgr = cv::Mat3b(kShotSize);
  for (int y = 0; y < kShotSize.height; ++y) {
    RowRandom random(5, static_cast<uint64_t>(frame), static_cast<uint64_t>(y));
    for (int x = 0; x < kShotSize.width; ++x) {
      for (int c = 0; c < 3; ++c)
        shot.bgr(y, x)[c] = cv::saturate_cast<uint8_t>(moved(y, x)[c] + noise * random.Normal());
    }
  }
  return shot;
}

cv::Mat3b WideRoom(uint64_t seed) {
  return testbed::MakeRoom(seed, {kShotSize.width + 120, kShotSize.height + 120}).bgr;
}

/// How far the recovered motion is off at the corner where it is most.
double ErrorPx(const FrameFromReference& recovered, const FrameFromReference& true_motion) {
  double largest = 0;
  for (const int x : {0, kShotSize.width - 1}) {
    for (const int y : {0, kShotSize.height - 1}) {
      const cv::Vec2d off = recovered * cv::Vec3d(x, y, 1) - true_motion * cv::Vec3d(x, y, 1);
      largest = std::max(largest, cv::norm(off));
    }
  }
  return largest;
}

const std::vector<FrameFromReference>& Motions() {
  static const std::vector<FrameFromReference> motions = {Turned(0.6, -0.4, 0), Turned(3.3, 1.7, 0.002),
                                                          Turned(-7.2, 5.1, -0.006), Turned(24, -18, 0.02)};
  return motions;
}

TEST(FrameAligner, RecoversKnownMotionsBesideAMovingCaller) {
  const cv::Mat3b room = WideRoom(11);
  FrameAligner aligner(Alignment::kAffine, kShotSize);
  const Shot first = Film(room, kStandsStill, 0);
  EXPECT_EQ(aligner.Align(first.bgr, first.caller).bgr.data, first.bgr.data) << "the reference";
  for (size_t i = 0; i < Motions().size(); ++i) {
    const Shot shot = Film(room, Motions()[i], static_cast<int>(i) + 1);
    const AlignedFrame aligned = aligner.Align(shot.bgr, shot.caller);
    EXPECT_LE(ErrorPx(aligned.motion, Motions()[i]), 0.25) << i;
  }
  EXPECT_EQ(aligner.moved(), 4);
}

TEST(FrameAligner, LeavesAStillCameraAlone) {
  const cv::Mat3b room = WideRoom(21);
  FrameAligner aligner(Alignment::kAuto, kShotSize);
  for (int i = 0; i < 12; ++i) {
    const Shot shot = Film(room, kStandsStill, i, 2);
    const AlignedFrame aligned = aligner.Align(shot.bgr, shot.caller);
    EXPECT_EQ(aligned.bgr.data, shot.bgr.data);
    EXPECT_TRUE(aligned.outside.empty());
  }
  EXPECT_EQ(aligner.moved(), 0);
}

/// Root mean square difference of the aligned frames' mean from the reference without noise, where all frames
/// show the room.
double LeftOver(Alignment alignment, const cv::Mat3b& room) {
  FrameAligner aligner(alignment, kShotSize);
  cv::Mat3f sum(kShotSize, cv::Vec3f::all(0));
  cv::Mat1b counts(kShotSize, uint8_t{255});
  int frames = 0;
  for (int i = 0; i <= 8; ++i) {
    const Shot shot = Film(
        room, i == 0 ? kStandsStill : Turned(4 * std::sin(2.0 * i), 3 * std::cos(i), 0.004 * std::sin(i)),
        i % 3);
    const AlignedFrame aligned = aligner.Align(shot.bgr, shot.caller);
    cv::accumulate(aligned.bgr, sum);
    if (!aligned.outside.empty()) counts.setTo(0, aligned.outside);
    ++frames;
  }
  sum /= frames;
  const Shot truth = Film(room, kStandsStill, 0, 0);
  counts(cv::Rect(kShotSize.width / 4, 0, kShotSize.width / 2, kShotSize.height)) =
      0;  // The caller, and far around.
  cv::Mat3f expected;
  truth.bgr.convertTo(expected, CV_32F);
  return cv::norm(sum, expected, cv::NORM_L2, counts) / std::sqrt(3.0 * cv::countNonZero(counts));
}

class AlignmentTest : public testing::TestWithParam<Alignment> {};

TEST_P(AlignmentTest, MakesTheMeanOfAShakenCameraThatOfAStillOne) {
  const cv::Mat3b room = WideRoom(11);
  const double shaken = LeftOver(Alignment::kNone, room);
  const double aligned = LeftOver(GetParam(), room);
  EXPECT_GT(shaken, 1.5);
  EXPECT_LT(aligned, 0.3 * shaken);
  EXPECT_GT(aligned, 0.2) << "noise of 1 level in 9 frames";
}

INSTANTIATE_TEST_SUITE_P(Ways, AlignmentTest,
                         testing::Values(Alignment::kAuto, Alignment::kAffine, Alignment::kFlow,
                                         Alignment::kFarneback),
                         [](const auto& tested) {
                           return AlignmentNames()[static_cast<size_t>(tested.param)];
                         });

TEST(FrameAligner, AFlowFollowsWhatNoAffineMotionDoes) {
  const Shot first = Film(WideRoom(11), kStandsStill, 0, 0);
  cv::Mat2f bend(kShotSize);
  for (int y = 0; y < kShotSize.height; ++y) {
    for (int x = 0; x < kShotSize.width; ++x)
      bend(y, x) = {static_cast<float>(x + 4 * std::sin(y / 60.0)), static_cast<float>(y)};
  }
  cv::Mat3b bent;
  cv::remap(first.bgr, bent, bend, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  const auto left = [&](Alignment alignment) {
    FrameAligner aligner(alignment, kShotSize);
    aligner.Align(first.bgr, first.caller);
    const cv::Rect beside_the_caller(40, 40, 300, 460);
    const cv::Mat3b aligned = aligner.Align(bent, first.caller).bgr;
    return cv::norm(aligned(beside_the_caller), first.bgr(beside_the_caller));
  };
  const double affine = left(Alignment::kAffine);
  EXPECT_LT(left(Alignment::kFlow), 0.4 * affine);
  EXPECT_LT(left(Alignment::kFarneback), 0.75 * affine);
}

TEST_P(AlignmentTest, UsesAFrameAsItIsThatShowsSomethingElse) {
  FrameAligner aligner(GetParam(), kShotSize);
  const Shot first = Film(WideRoom(11), kStandsStill, 0);
  const Shot other = Film(WideRoom(12), kStandsStill, 1);
  aligner.Align(first.bgr, first.caller);
  EXPECT_EQ(aligner.Align(other.bgr, other.caller).bgr.data, other.bgr.data);
  const cv::Mat1f everywhere(kShotSize, 1.0F);
  EXPECT_EQ(aligner.Align(other.bgr, everywhere).bgr.data, other.bgr.data) << "nothing of the room is seen";
  EXPECT_EQ(aligner.moved(), 0);
}

TEST(FrameAligner, IsNotMisledByTheLight) {
  const cv::Mat3b room = WideRoom(21);
  FrameAligner aligner(Alignment::kAuto, kShotSize);
  const Shot first = Film(room, kStandsStill, 0);
  aligner.Align(first.bgr, first.caller);
  Shot darker = Film(room, Motions()[1], 1);
  darker.bgr.convertTo(darker.bgr, CV_8U, 0.85, 4);
  EXPECT_LE(ErrorPx(aligner.Align(darker.bgr, darker.caller).motion, Motions()[1]), 0.25);
  Shot still = Film(room, kStandsStill, 2);
  still.bgr.convertTo(still.bgr, CV_8U, 0.85, 4);
  EXPECT_TRUE(aligner.Align(still.bgr, still.caller).outside.empty());
}

TEST(MotionFit, TellsAMotionInOtherPixels) {
  const FrameFromReference motion = Motions()[2];
  const FrameFromReference small = InPixelsOf(motion, {0.25, 0.5});
  // The middle of pixel 401 is at 401.5, a quarter of which is 100.375.
  const cv::Vec2d to = motion * cv::Vec3d(401, 301, 1);
  const cv::Vec2d small_to = small * cv::Vec3d(401.5 * 0.25 - 0.5, 301.5 * 0.5 - 0.5, 1);
  EXPECT_NEAR((to[0] + 0.5) * 0.25 - 0.5, small_to[0], 1e-9);
  EXPECT_NEAR((to[1] + 0.5) * 0.5 - 0.5, small_to[1], 1e-9);
  EXPECT_LE(ErrorPx(InPixelsOf(small, {4, 2}), motion), 1e-9);
}

TEST(Alignment, IsNamed) {
  for (const std::string& name : AlignmentNames()) EXPECT_TRUE(ParseAlignment(name).ok()) << name;
  EXPECT_EQ(ParseAlignment("orb").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::attacks
