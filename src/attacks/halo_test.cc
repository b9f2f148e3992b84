// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

#include "attacks/blur_attack.h"
#include "attacks/caller_halo.h"
#include "attacks/halo_average.h"
#include "engines/blur.h"
#include "testbed/room.h"

namespace peekproof::attacks {
namespace {

const cv::Size kHaloSize(640, 360);
constexpr double kBlurSigma = 8;

/// A call behind a blur: a bright, hard caller who wanders, before a drawn room.
struct Call {
  cv::Mat3b room = testbed::MakeRoom(4, kHaloSize).bgr;
  std::vector<image::Frame> frames;
  std::vector<image::AlphaMask> callers;
};

Call CallBehind(const std::string& blur, int frames = 12) {
  Call call;
  auto background = engines::MakeBlur(blur).value();
  for (int i = 0; i < frames; ++i) {
    cv::Mat1b caller(kHaloSize, uint8_t{0});
    const int x = 320 + cvRound(30 * std::sin(0.9 * i));
    cv::ellipse(caller, {x, 300}, {70, 190}, 0, 0, 360, cv::Scalar(255), cv::FILLED);
    image::Frame frame;
    frame.index = i;
    frame.bgr = call.room.clone();
    frame.bgr.setTo(cv::Scalar(60, 80, 250), caller);
    const cv::Mat3b blurred = background->Draw({frame, caller}).value()->clone();
    cv::Mat1b behind;
    cv::bitwise_not(caller, behind);
    blurred.copyTo(frame.bgr, behind);
    image::AlphaMask alpha;
    caller.convertTo(alpha.values, CV_32F, 1.0 / 255);
    call.frames.push_back(std::move(frame));
    call.callers.push_back(std::move(alpha));
  }
  return call;
}

/// The room behind the blur, alone.
cv::Mat3b Empty(const Call& call, const std::string& blur) {
  image::Frame frame;
  frame.bgr = call.room;
  return engines::MakeBlur(blur).value()->Draw({frame, cv::Mat1b(kHaloSize, uint8_t{0})}).value()->clone();
}

/// Root mean square distance where the caller's halo reaches in a frame and he is not.
double DistanceNear(const cv::Mat3b& a, const cv::Mat3b& b, const cv::Mat1f& caller) {
  cv::Mat1b there;
  cv::compare(caller, 0.5, there, cv::CMP_GT);
  cv::Mat1b near;
  cv::dilate(there, near, cv::getStructuringElement(cv::MORPH_RECT, {25, 25}));
  near.setTo(0, there);
  return cv::norm(a, b, cv::NORM_L2, near) / std::sqrt(3.0 * cv::countNonZero(near));
}

struct Way {
  const char* blur;
  BlurReach reach;
};

class CallerHaloTest : public testing::TestWithParam<Way> {};

TEST_P(CallerHaloTest, TakesAwayWhatTheCallerChanges) {
  const Call call = CallBehind(GetParam().blur);
  const cv::Mat3b empty = Empty(call, GetParam().blur);
  CallerHalo halo({call.room, {engines::BlurFamily::kGaussian, kBlurSigma}, GetParam().reach});
  cv::Mat3b cleared;
  halo.Clear(call.frames[0].bgr, call.callers[0].values, &cleared);
  const double before = DistanceNear(call.frames[0].bgr, empty, call.callers[0].values);
  EXPECT_GT(before, 1.2) << "there is a halo";
  EXPECT_LT(DistanceNear(cleared, empty, call.callers[0].values), 0.4 * before);
}

TEST_P(CallerHaloTest, IsToldFromWhatChangesOverTime) {
  const Call call = CallBehind(GetParam().blur);
  HaloAverage average(call.room, {engines::BlurFamily::kGaussian, kBlurSigma});
  for (size_t i = 0; i < call.frames.size(); ++i) average.Add(call.frames[i].bgr, call.callers[i].values);
  const ClearedRoom cleared = average.Finish();
  EXPECT_STREQ(NameOf(cleared.reach), NameOf(GetParam().reach));
  EXPECT_EQ(cleared.HasHalo(), GetParam().reach == BlurReach::kWholeFrame);
  for (size_t i = 0; i < kBlurReaches.size(); ++i) {
    if (kBlurReaches[i] == GetParam().reach) continue;
    EXPECT_GT(cleared.noise[i], 1.5 * cleared.room.frame_noise);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, CallerHaloTest,
                         testing::Values(Way{"gaussian(sigma=8)", BlurReach::kWholeFrame},
                                         Way{"gaussian(sigma=8,weighted=1)", BlurReach::kAroundCaller}),
                         [](const auto& way) {
                           return way.param.reach == BlurReach::kWholeFrame ? "WholeFrame" : "AroundCaller";
                         });

TEST(CallerHalo, IsNoneWhereTheBackgroundDoesNotDependOnTheCaller) {
  const Call call = CallBehind("gaussian(sigma=8)", 1);
  CallerHalo halo({call.room, {engines::BlurFamily::kGaussian, kBlurSigma}, BlurReach::kNoCaller});
  cv::Mat3b cleared;
  halo.Clear(call.frames[0].bgr, call.callers[0].values, &cleared);
  EXPECT_EQ(cv::norm(cleared, call.frames[0].bgr, cv::NORM_INF), 0);
}

TEST(ClearedRoom, TellsNoHaloFromChance) {
  EXPECT_EQ((ClearedRoom{.noise = {1.0, 1.1, 1.2}}.HasHalo()), true);
  EXPECT_EQ((ClearedRoom{.noise = {1.2, 1.1, 1.0}}.HasHalo()), false);
  EXPECT_EQ((ClearedRoom{.noise = {1.01, 1.0, 1.0}}.HasHalo()), std::nullopt);
}

TEST(CallerHalo, KnowsBoxesFromGaussians) {
  const Call call = CallBehind("box(size=25)", 1);
  const cv::Mat3b empty = Empty(call, "box(size=25)");
  const double sigma = std::sqrt((25.0 * 25 - 1) / 12);
  cv::Mat3b box;
  cv::Mat3b gaussian;
  const cv::Mat1f& caller = call.callers[0].values;
  CallerHalo({call.room, {engines::BlurFamily::kBox, sigma}}).Clear(call.frames[0].bgr, caller, &box);
  CallerHalo({call.room, {engines::BlurFamily::kGaussian, sigma}})
      .Clear(call.frames[0].bgr, caller, &gaussian);
  EXPECT_LT(DistanceNear(box, empty, caller), DistanceNear(gaussian, empty, caller));
}

TEST(BlurAttack, SeesTheRoomUpToTheCallerInASecondLook) {
  const Call call = CallBehind("gaussian(sigma=8)");
  auto attack = BlurAttack::Create("deblur", kHaloSize).value();
  for (size_t i = 0; i < call.frames.size(); ++i) attack->Add(call.frames[i], call.callers[i]);
  const BlurFindings first = attack->Finish().value();
  ASSERT_TRUE(attack->WantsSecondLook(first));
  attack->StartAgain(first);
  for (size_t i = 0; i < call.frames.size(); ++i) attack->AddAgain(call.frames[i], call.callers[i]);
  const BlurFindings both = attack->FinishAgain(first).value();
  EXPECT_EQ(both.has_halo, true);
  EXPECT_GT(cv::countNonZero(both.average.frames), 1.1 * cv::countNonZero(first.average.frames));
  const cv::Mat1f& caller = call.callers[0].values;
  EXPECT_LT(DistanceNear(both.restored, call.room, caller),
            0.9 * DistanceNear(first.restored, call.room, caller));
}

TEST(BlurAttack, LooksOnceWhereItIsToldToOrTakesNothingBack) {
  BlurFindings found;
  found.blur = BlurEstimate{.kernel = {engines::BlurFamily::kGaussian, 8}};
  EXPECT_TRUE(BlurAttack::Create("deblur", kHaloSize).value()->WantsSecondLook(found));
  for (const char* spec : {"deblur(halo=no)", "deblur(restore=none)", "blur-study"})
    EXPECT_FALSE(BlurAttack::Create(spec, kHaloSize).value()->WantsSecondLook(found)) << spec;
  EXPECT_FALSE(BlurAttack::Create("deblur", kHaloSize).value()->WantsSecondLook({}));
}

}  // namespace
}  // namespace peekproof::attacks
