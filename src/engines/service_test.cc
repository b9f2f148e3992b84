// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What single services do that no other does: their memory, their blind spots, and what they show where they
// have no mask.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engines/profile.h"
#include "engines/testing.h"
#include "engines/testing_profiles.h"

namespace peekproof::engines {
namespace {

/// Alpha in the middle of one plain frame after the other; 255 is surely the caller, 0 surely not.
std::vector<float> Alphas(const std::string& spec, const std::vector<int>& values) {
  auto engine = EngineFor(spec);
  Composite composite;
  std::vector<float> alphas;
  for (const int value : values) {
    EXPECT_TRUE(engine->Process(Grey(value), cv::Mat3b(kFrame, cv::Vec3b(9, 9, 9)), &composite).ok());
    alphas.push_back(composite.alpha.values(90, 160));
  }
  return alphas;
}

void ExpectAlphas(const std::string& spec, const std::vector<int>& values,
                  const std::vector<float>& expected) {
  const std::vector<float> alphas = Alphas(spec, values);
  ASSERT_EQ(alphas.size(), expected.size());
  for (size_t i = 0; i < alphas.size(); ++i)
    EXPECT_NEAR(alphas[i], expected[i], 0.005F) << spec << ", frame " << i;
}

TEST(LeakTailTest, SureDeparturesAsPublished) {
  for (const char* spec : {"mediapipe", "mediapipe(smooth=1)", "shiguredo", "chime", "camaleon", "twilio",
                           "livekit(raw_frames=0)", "obs(lag=0)"}) {
    ExpectAlphas(spec, {255, 0, 0}, {1, 0, 0});
  }
  ExpectAlphas("backscrub(lag=0)", {255, 0, 0, 0}, {1, 0.12F, 0.01F, 0});
  ExpectAlphas("backscrub", {255, 255, 0, 0, 0, 0}, {1, 1, 1, 0.12F, 0.01F, 0});
}

TEST(LeakTailTest, ArrivalsOfServicesWithMemory) {
  ExpectAlphas("backscrub(lag=0)", {0, 255, 255, 255}, {0, 0.88F, 0.99F, 1});
  // 255, 38, 6, 1, 0 of background are left, and any rest counts.
  ExpectAlphas("obs(lag=0,similarity=0)", {0, 255, 255, 255, 255}, {0, 0, 0, 0, 1});
}

TEST(LeakTailTest, UnsureMasksAreHeldBySmootherAndHysteresis) {
  ExpectAlphas("mediapipe(smooth=0.7)", {255, 128, 128}, {1, 0.85F, 0.75F});
  ExpectAlphas("twilio", {255, 170, 90, 90, 80, 90, 170}, {1, 1, 1, 1, 0, 0, 0});
  ExpectAlphas("twilio(hysteresis=off)", {255, 90, 170}, {1, 90.0F / 255, 170.0F / 255});
  ExpectAlphas("twilio", {120, 90}, {120.0F / 255, 120.0F / 255});
}

TEST(LeakTailTest, ChimesGovernorLeavesStaleMasks) {
  const std::vector<int> leaves = {255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  ExpectAlphas("chime(stride=10)", leaves, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0});
}

/// Shown at each of five frames, the network failing on the third.
std::vector<Shown> ShownAround(const std::string& spec) {
  auto engine = EngineFor(spec);
  Composite composite;
  std::vector<Shown> shown;
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(engine->Process(Grey(200 - 20 * i), cv::Mat3b(kFrame, cv::Vec3b(9, 9, 9)), &composite).ok());
    shown.push_back(composite.shown);
  }
  return shown;
}

TEST(FailureTest, EachServiceShowsWhatItWouldShow) {
  constexpr auto kBackground = Shown::kBackground;
  constexpr auto kComposed = Shown::kComposed;
  constexpr auto kFrozen = Shown::kFrozen;
  constexpr auto kRaw = Shown::kRaw;
  using List = std::vector<Shown>;
  // The network is ready from the second frame on.
  const std::string made = "(load_frames=1,fail_from=2,fail_frames=1)";
  EXPECT_EQ(ShownAround("shiguredo" + made), (List{kBackground, kComposed, kFrozen, kComposed, kComposed}));
  EXPECT_EQ(ShownAround("twilio" + made), (List{kBackground, kComposed, kFrozen, kComposed, kComposed}));
  EXPECT_EQ(ShownAround("camaleon" + made), (List{kBackground, kComposed, kFrozen, kComposed, kComposed}));
  EXPECT_EQ(ShownAround("chime" + made), (List{kBackground, kComposed, kRaw, kComposed, kComposed}));
  EXPECT_EQ(ShownAround("livekit" + made), (List{kRaw, kComposed, kComposed, kComposed, kComposed}));
  // These two run a frame behind.
  EXPECT_EQ(ShownAround("obs" + made), (List{kRaw, kRaw, kComposed, kComposed, kComposed}));
  EXPECT_EQ(ShownAround("backscrub" + made), (List{kRaw, kRaw, kComposed, kFrozen, kComposed}));
}

TEST(ObsTest, KeepsTheMaskOfAFrameLikeTheLastProcessedOne) {
  auto engine = EngineFor("obs(lag=0)");
  Composite composite;
  const auto age = [&](int value) {
    EXPECT_TRUE(engine->Process(Grey(value), cv::Mat3b(kFrame, cv::Vec3b(9, 9, 9)), &composite).ok());
    return composite.mask_age;
  };
  EXPECT_EQ(age(240), 0);
  // 3 of 4 channels differ by d: the PSNR is 48.13 - 20 log10 d + 1.25 dB, 37.3 at 4, 35.4 at 5, 33.8 at 6.
  EXPECT_EQ(age(236), 1);
  EXPECT_EQ(age(235), 2) << "compared with the last processed frame, not with the last one";
  EXPECT_EQ(age(234), 0);
  EXPECT_EQ(age(236), 1);
  engine->Reset();
  EXPECT_EQ(age(236), 0);
}

TEST(ObsTest, CutsAtALogit) {
  // round(255 logit) < 127 is background: p below 0.62154, or 158.49 of 255.
  ExpectAlphas("obs(lag=0,similarity=0)", {158, 158}, {0, 0});
  ExpectAlphas("obs(lag=0,similarity=0)", {159, 159}, {1, 1});
  ExpectAlphas("obs(lag=0,similarity=0,threshold=0)", {1, 1}, {1, 1});
}

/// Black and white rectangles on a frame.
image::Frame Drawn(int ground, cv::Rect outer, int inner_value) {
  image::Frame frame = Grey(ground);
  const auto v = static_cast<uint8_t>(inner_value);
  frame.bgr(outer) = cv::Vec3b(v, v, v);
  return frame;
}

TEST(ObsTest, ShowsPocketsOfTheRoomAndHidesSurroundedHands) {
  const auto alpha_at = [](const image::Frame& frame, cv::Point where) {
    image::AlphaMask alpha;
    image::AlphaMask mask;
    EXPECT_TRUE(MatterFor("obs")->Estimate(frame.bgr, &alpha, &mask).ok());
    return alpha.values(where);
  };
  // 50 x 50 of 320 x 180 are 4.3 %, 70 x 70 are 8.5 %.
  EXPECT_EQ(alpha_at(Drawn(255, {100, 60, 50, 50}, 0), {125, 85}), 1.0F);
  EXPECT_EQ(alpha_at(Drawn(255, {100, 60, 70, 70}, 0), {135, 95}), 0.0F);
  EXPECT_EQ(alpha_at(Drawn(0, {100, 60, 70, 70}, 255), {135, 95}), 0.0F) << "surrounded by background";
  EXPECT_EQ(alpha_at(Drawn(0, {100, 60, 70, 120}, 255), {135, 95}), 1.0F) << "joined to the frame's edge";
}

/// The matte of a frame that is the caller's everywhere, by a network of the given input size.
cv::Mat1f BackscrubAlpha(cv::Size frame, cv::Size input) {
  const SegmenterMaker maker = [&](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
    return std::unique_ptr<models::Segmenter>(std::make_unique<BrightnessSegmenter>(input));
  };
  image::AlphaMask alpha;
  image::AlphaMask mask;
  auto matter = MatterOf(MakeProfile("backscrub", maker).value());
  EXPECT_TRUE(matter->Estimate(Grey(255, frame).bgr, &alpha, &mask).ok());
  return alpha.values;
}

TEST(BackscrubTest, OnlyTheMiddleOfAWideFrameCanShow) {
  const cv::Mat1f alpha = BackscrubAlpha({320, 180}, {36, 36});
  cv::Mat1f expected(180, 320, 0.0F);
  expected.colRange(70, 250) = 1.0F;  // 180 x 180; 44 % of the width is dead.
  EXPECT_EQ(cv::norm(alpha, expected, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(BackscrubAlpha({320, 180}, {64, 36}), cv::Mat1f(180, 320, 1.0F), cv::NORM_INF), 0);
}

TEST(BackscrubTest, NarrowFramesGetTheMaskOfTheWholeInput) {
  // The frame fills columns 23 to 40 of 64, and the mask of all 64 is stretched over the frame.
  const cv::Mat1f alpha = BackscrubAlpha({90, 180}, {64, 36});
  EXPECT_EQ(alpha(90, 45), 1.0F);
  EXPECT_EQ(alpha(90, 37), 1.0F);
  EXPECT_EQ(alpha(90, 27), 0.0F);
  EXPECT_EQ(alpha(90, 63), 0.0F);
}

TEST(LivekitTest, CutsBetweenMaskPixelsOrAtThem) {
  // A ramp over two mask pixels, 0.2 and 0.9, crosses 1/2 at 0.43 of the way, not in the middle.
  image::Frame frame = Grey(51);
  frame.bgr.colRange(160, 320) = cv::Vec3b(230, 230, 230);
  const auto caller_from = [&](const std::string& spec) {
    image::AlphaMask alpha;
    image::AlphaMask mask;
    EXPECT_TRUE(MatterFor(spec)->Estimate(frame.bgr, &alpha, &mask).ok());
    int x = 0;
    while (x < 320 && alpha.values(90, x) < 0.5F) ++x;
    return x;
  };
  EXPECT_EQ(caller_from("livekit(sampling=nearest)"), 160);
  EXPECT_EQ(caller_from("livekit"), 160);
  frame.bgr.colRange(160, 320) = cv::Vec3b(153, 153, 153);  // 0.6 crosses 1/2 at 3/4 of the way.
  EXPECT_EQ(caller_from("livekit"), 161);
  EXPECT_EQ(caller_from("livekit(sampling=nearest)"), 160);
}

TEST(TraitsTest, SayHowLongMasksLast) {
  EXPECT_EQ(EngineFor("backscrub")->traits().mask_lag, 1);
  EXPECT_EQ(EngineFor("backscrub")->traits().previous_masks, 2);
  EXPECT_EQ(EngineFor("obs")->traits().previous_masks, -1);
  EXPECT_EQ(EngineFor("obs(similarity=0)")->traits().previous_masks, 3);
  EXPECT_EQ(EngineFor("twilio")->traits().previous_masks, -1);
  EXPECT_EQ(EngineFor("twilio(hysteresis=off)")->traits().previous_masks, 0);
  EXPECT_EQ(EngineFor("mediapipe")->traits().previous_masks, 0);
  EXPECT_EQ(EngineFor("mediapipe(smooth=0.5)")->traits().previous_masks, -1);
  EXPECT_EQ(EngineFor("chime(stride=4)")->traits().mask_stride, 4);
}

}  // namespace
}  // namespace peekproof::engines
