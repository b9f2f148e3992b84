// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <set>

#include "engines/blend.h"
#include "engines/testing.h"
#include "engines/testing_profiles.h"

namespace peekproof::engines {
namespace {

using ::testing::HasSubstr;

/// Black room, white caller from column `edge` on.
image::Frame HalfCaller(int edge) {
  image::Frame frame{cv::Mat3b(kFrame, cv::Vec3b(0, 0, 0)), 0, 0};
  frame.bgr.colRange(edge, kFrame.width) = cv::Vec3b(255, 255, 255);
  return frame;
}

const cv::Mat3b& Wallpaper() {
  static const cv::Mat3b wallpaper(kFrame, cv::Vec3b(200, 100, 50));
  return wallpaper;
}

TEST(RegistryTest, ListsEveryProfileWithItsParameters) {
  std::set<std::string> names;
  for (const EngineInfo& info : ListEngines()) {
    EXPECT_TRUE(names.insert(info.name).second);
    EXPECT_FALSE(info.description.empty());
    EXPECT_FALSE(info.source.empty());
    ASSERT_FALSE(info.parameters.empty());
    EXPECT_EQ(info.parameters[0].name, "model");
    EXPECT_TRUE(MakeProfile(info.name, MakeBrightness).ok()) << info.name;
    // Every listed default is accepted as a value.
    for (const ParameterInfo& parameter : info.parameters) {
      const std::string spec = info.name + "(" + parameter.name + "=" + parameter.default_value + ")";
      EXPECT_TRUE(MakeProfile(spec, MakeBrightness).ok()) << spec;
    }
  }
  EXPECT_EQ(names, (std::set<std::string>{"backscrub", "bbb", "camaleon", "chime", "guard", "jitsi", "jitsi2",
                                          "lfbw", "livekit", "mediapipe", "mediapipe-artifact", "meet", "obs",
                                          "obs-lite", "shiguredo", "teams", "twilio", "zoom"}));
}

TEST(RegistryTest, PassesTheModelOnAndReturnsItsError) {
  std::string asked;
  const SegmenterMaker maker = [&](const std::string& model) -> Result<std::unique_ptr<models::Segmenter>> {
    asked = model;
    return Error{ErrorCode::kNotFound, "no such model"};
  };
  EXPECT_EQ(MakeProfile("meet", maker).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(asked, "landscape");
  EXPECT_FALSE(MakeProfile("mediapipe-artifact", maker).ok());
  EXPECT_EQ(asked, "selfie");
  EXPECT_FALSE(MakeProfile("jitsi(model=/a/b.tflite)", maker).ok());
  EXPECT_EQ(asked, "/a/b.tflite");
}

TEST(RegistryTest, NamesTheKnownEnginesAndChecksPairs) {
  EXPECT_THAT(MakeProfile("zoom2", MakeBrightness).error().message,
              HasSubstr("known engines are meet, mediapipe, mediapipe-artifact, jitsi, jitsi2, bbb"));
  EXPECT_THAT(MakeProfile("meet(coverage_low=0.8)", MakeBrightness).error().message,
              HasSubstr("coverage_low must be less than coverage_high"));
  EXPECT_FALSE(MakeProfile("meet(coverage_high=1)", MakeBrightness).ok());
  EXPECT_THAT(MakeProfile("twilio(low=180)", MakeBrightness).error().message,
              HasSubstr("low must be less than high"));
}

TEST(EngineTest, EveryProfileShowsCallerInsideAndWallpaperOutside) {
  for (const EngineInfo& info : ListEngines()) {
    auto engine = EngineFor(info.name);
    Composite composite;
    // The guard opens at the third mask.
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(engine->Process(HalfCaller(160), Wallpaper(), &composite).ok());
    EXPECT_EQ(composite.bgr(90, 20), cv::Vec3b(200, 100, 50)) << info.name;
    EXPECT_EQ(composite.alpha.values(90, 20), 0.0F) << info.name;
    EXPECT_EQ(composite.bgr(90, 280), cv::Vec3b(255, 255, 255)) << info.name;
    EXPECT_EQ(composite.alpha.values(90, 280), 1.0F) << info.name;
  }
}

/// The same probability everywhere.
class UniformSegmenter : public models::Segmenter {
 public:
  explicit UniformSegmenter(float probability) : probability_(probability) {}
  cv::Size input_size() const override { return {64, 36}; }
  Result<void> Segment(const cv::Mat3b& /*bgr*/, image::AlphaMask* caller) override {
    caller->values.create(input_size());
    caller->values = probability_;
    return {};
  }
  std::string description() const override { return "uniform"; }

 private:
  float probability_;
};

/// What an engine makes of the third of three equal frames where the network sees `probability` everywhere.
cv::Mat3b ThirdFrame(const std::string& spec, float probability, const image::Frame& frame,
                     const cv::Mat3b& wallpaper) {
  const SegmenterMaker maker = [&](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
    return std::unique_ptr<models::Segmenter>(std::make_unique<UniformSegmenter>(probability));
  };
  auto engine = MakeEngine(spec, maker).value();
  Composite composite;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(engine->Process(frame, wallpaper, &composite).ok());
  return composite.bgr;
}

TEST(EngineTest, SureMasksShowCameraOrWallpaperBitByBit) {
  const image::Frame frame{RandomColors(kFrame, 5), 0, 0};
  const cv::Mat3b wallpaper = RandomColors(kFrame, 6);
  const cv::Rect inner(30, 30, kFrame.width - 60,
                       kFrame.height - 60);  // Jitsi's mask fades at the frame's border.
  for (const EngineInfo& info : ListEngines()) {
    const cv::Mat3b shown = ThirdFrame(info.name, 1.0F, frame, wallpaper);
    EXPECT_EQ(cv::norm(shown(inner), frame.bgr(inner), cv::NORM_INF), 0) << info.name;
    EXPECT_EQ(cv::norm(ThirdFrame(info.name, 0.0F, frame, wallpaper), wallpaper, cv::NORM_INF), 0)
        << info.name;
  }
}

TEST(EngineTest, CompositeFollowsItsAlphaForLinearEngines) {
  for (const char* spec :
       {"mediapipe", "mediapipe-artifact", "jitsi", "bbb(upscale=nearest)", "shiguredo", "twilio",
        "livekit(raw_frames=0)", "chime", "obs(lag=0,feather=0.3)", "backscrub(lag=0)", "camaleon"}) {
    auto engine = EngineFor(spec);
    image::Frame frame{SmoothColors(kFrame, 1), 0, 0};
    const cv::Mat3b wallpaper = RandomColors(kFrame, 2);
    Composite composite;
    ASSERT_TRUE(engine->Process(frame, wallpaper, &composite).ok());
    for (int y = 0; y < kFrame.height; ++y) {
      for (int x = 0; x < kFrame.width; ++x) {
        const float a = composite.alpha.values(y, x);
        for (int c = 0; c < 3; ++c) {
          const float mixed = a * static_cast<float>(frame.bgr(y, x)[c]) +
                              (1.0F - a) * static_cast<float>(wallpaper(y, x)[c]);
          ASSERT_NEAR(composite.bgr(y, x)[c], mixed, 0.501F) << spec;
        }
      }
    }
  }
}

TEST(EngineTest, MeetsMaskTrailsByOneFrame) {
  auto late = EngineFor("meet(lag=1)");
  auto prompt = EngineFor("meet(lag=0)");
  Composite first;
  ASSERT_TRUE(late->Process(HalfCaller(160), Wallpaper(), &first).ok());
  EXPECT_EQ(cv::norm(first.bgr, Wallpaper(), cv::NORM_INF), 0) << "the first frame has no mask";
  EXPECT_EQ(cv::countNonZero(first.alpha.values), 0);
  // The caller has left columns 100 to 159, the mask of the frame before still shows them: the room leaks.
  Composite second;
  ASSERT_TRUE(late->Process(HalfCaller(100), Wallpaper(), &second).ok());
  ASSERT_TRUE(late->Process(HalfCaller(160), Wallpaper(), &second).ok());
  EXPECT_EQ(second.alpha.values(90, 130), 1.0F);
  EXPECT_EQ(second.bgr(90, 130), cv::Vec3b(0, 0, 0));
  Composite now;
  ASSERT_TRUE(prompt->Process(HalfCaller(100), Wallpaper(), &now).ok());
  ASSERT_TRUE(prompt->Process(HalfCaller(160), Wallpaper(), &now).ok());
  EXPECT_EQ(now.alpha.values(90, 130), 0.0F);
}

TEST(EngineTest, ResetForgetsTheMaskAndTheSize) {
  auto engine = EngineFor("meet");
  Composite composite;
  ASSERT_TRUE(engine->Process(HalfCaller(160), Wallpaper(), &composite).ok());
  engine->Reset();
  ASSERT_TRUE(engine->Process(HalfCaller(160), Wallpaper(), &composite).ok());
  EXPECT_EQ(cv::countNonZero(composite.alpha.values), 0);
  engine->Reset();
  const image::Frame other{cv::Mat3b(90, 160, cv::Vec3b(1, 2, 3)), 0, 0};
  EXPECT_TRUE(engine->Process(other, cv::Mat3b(90, 160, cv::Vec3b(0, 0, 0)), &composite).ok());
}

TEST(EngineTest, RefusesEmptyAndMismatchedFrames) {
  auto engine = EngineFor("jitsi");
  Composite composite;
  EXPECT_FALSE(engine->Process({}, {}, &composite).ok());
  EXPECT_THAT(engine->Process(HalfCaller(10), cv::Mat3b(10, 10), &composite).error().message,
              HasSubstr("the wallpaper has 10x10 pixels, the frame 320x180"));
  ASSERT_TRUE(engine->Process(HalfCaller(10), Wallpaper(), &composite).ok());
  const image::Frame other{cv::Mat3b(90, 160, cv::Vec3b(1, 2, 3)), 0, 0};
  EXPECT_THAT(engine->Process(other, other.bgr, &composite).error().message, HasSubstr("without a reset"));
}

TEST(MatterTest, EqualsTheEnginesAlphaWithoutLag) {
  for (const std::string spec : {"meet(lag=0)", "mediapipe", "mediapipe-artifact", "jitsi(mode=blur)", "bbb",
                                 "mediapipe(smooth=0.7)", "shiguredo", "twilio", "livekit(raw_frames=0)",
                                 "chime", "obs(lag=0)", "backscrub(lag=0)", "camaleon"}) {
    const image::Frame frame{SmoothColors(kFrame, 3), 0, 0};
    Composite composite;
    ASSERT_TRUE(EngineFor(spec)->Process(frame, Wallpaper(), &composite).ok());
    auto matter = MatterFor(spec);
    image::AlphaMask alpha;
    image::AlphaMask mask;
    ASSERT_TRUE(matter->Estimate(frame.bgr, &alpha, &mask).ok());
    EXPECT_EQ(cv::norm(alpha.values, composite.alpha.values, cv::NORM_INF), 0) << spec;
    for (int y = 0; y < kFrame.height; y += 7) {
      for (int x = 0; x < kFrame.width; ++x) {
        ASSERT_FLOAT_EQ(AlphaOfMask(matter->blend_model(), mask.values(y, x)), alpha.values(y, x)) << spec;
      }
    }
  }
}

TEST(MatterTest, KeepsMasksApartAfterALinearEngine) {
  const cv::Mat3b frame = SmoothColors(kFrame, 3);
  image::AlphaMask alpha;
  image::AlphaMask mask;
  ASSERT_TRUE(MatterFor("mediapipe")->Estimate(frame, &alpha, &mask).ok());
  ASSERT_TRUE(MatterFor("meet")->Estimate(frame, &alpha, &mask).ok());
  image::AlphaMask fresh_alpha;
  image::AlphaMask fresh_mask;
  ASSERT_TRUE(MatterFor("meet")->Estimate(frame, &fresh_alpha, &fresh_mask).ok());
  EXPECT_EQ(cv::norm(alpha.values, fresh_alpha.values, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(mask.values, fresh_mask.values, cv::NORM_INF), 0);
  EXPECT_FALSE(MatterFor("meet")->Estimate({}, &alpha, &mask).ok());
}

TEST(MatterTest, BlendModelsSayWhatTheEnginesDo) {
  const BlendModel meet = MatterFor("meet(wrap=0.2,coverage_low=0.4)")->blend_model();
  EXPECT_EQ(meet.light_wrap, 0.2F);
  EXPECT_EQ(meet.coverage_low, 0.4F);
  EXPECT_EQ(meet.coverage_high, 0.75F);
  EXPECT_TRUE(meet.smooth_coverage);
  const std::set<std::string> covered = {"jitsi2", "meet", "obs-lite"};
  for (const EngineInfo& info : ListEngines()) {
    EXPECT_EQ(IsPlainLinear(MatterFor(info.name)->blend_model()), covered.count(info.name) == 0) << info.name;
  }
}

/// Columns left of an ideal edge at column 160 that still show the camera (alpha > 0) in the middle row.
int MatteHaloWidth(const std::string& spec) {
  image::AlphaMask alpha;
  image::AlphaMask mask;
  EXPECT_TRUE(MatterFor(spec)->Estimate(HalfCaller(160).bgr, &alpha, &mask).ok());
  int width = 0;
  while (width < 160 && alpha.values(90, 159 - width) > 0.0F) ++width;
  return width;
}

TEST(HaloTest, WidthsOnAnIdealEdge) {
  // Meet: the joint bilateral filter keeps the frame's edge, coverage cuts the rest: nothing shows outside.
  EXPECT_EQ(MatteHaloWidth("meet"), 0);
  // MediaPipe: half a mask pixel (2.5 frame pixels) of the bilinear ramp lies outside.
  EXPECT_EQ(MatteHaloWidth("mediapipe"), 2);
  // Jitsi V1: 3 sigma = 12 px of Gaussian and the ramp; the last values round to 0 in 8 bit.
  EXPECT_NEAR(MatteHaloWidth("jitsi"), 12, 1);
  EXPECT_NEAR(MatteHaloWidth("jitsi(mode=blur)"), 22, 2);
  EXPECT_NEAR(MatteHaloWidth("bbb"), MatteHaloWidth("jitsi"), 0);
  EXPECT_EQ(MatteHaloWidth("shiguredo"), 2);
  EXPECT_EQ(MatteHaloWidth("chime"), 2);
  // Twilio: the frame's own edge stops the bilateral filter.
  EXPECT_EQ(MatteHaloWidth("twilio"), 0);
  // LiveKit: the smoothstep over 2/17 to either side, at 1/17 a pixel.
  EXPECT_EQ(MatteHaloWidth("livekit"), 2);
  // backscrub: the ramp of half a mask pixel, and half of the box of 5 pixels.
  EXPECT_EQ(MatteHaloWidth("backscrub"), 4);
  EXPECT_EQ(MatteHaloWidth("obs"), 0);
  EXPECT_EQ(MatteHaloWidth("camaleon"), 0);
}

// Golden: the same bytes from every compiler, processor and number of threads. The inputs are made of
// integers only, and no step of meet is OpenCV's. A changed sum means that recordings made by the test bed
// change.
TEST(GoldenTest, MeetsBytesAreTheSameEverywhere) {
  const image::Frame frame{RandomColors(kFrame, 11), 0, 0};
  Composite composite;
  ASSERT_TRUE(EngineFor("meet(lag=0)")->Process(frame, RandomColors(kFrame, 12), &composite).ok());
  EXPECT_EQ(Checksum(composite.bgr), 3453029150548593240U);
}

// As above, for twilio; its square root is rounded correctly everywhere.
TEST(GoldenTest, TwiliosBytesAreTheSameEverywhere) {
  const image::Frame frame{RandomColors(kFrame, 11), 0, 0};
  Composite composite;
  ASSERT_TRUE(EngineFor("twilio")->Process(frame, RandomColors(kFrame, 12), &composite).ok());
  EXPECT_EQ(Checksum(composite.bgr), 16513144336593470279U);
}

TEST(MediapipeTest, RoundsTheMaskAtBothSizes) {
  const cv::Mat3b frame = SmoothColors(kFrame, 9);
  cv::Mat3b small;
  cv::resize(frame, small, {64, 36}, 0, 0, cv::INTER_LINEAR);
  image::AlphaMask coarse;
  ASSERT_TRUE(BrightnessSegmenter({64, 36}).Segment(small, &coarse).ok());
  image::AlphaMask alpha;
  image::AlphaMask mask;
  ASSERT_TRUE(MatterFor("mediapipe")->Estimate(frame, &alpha, &mask).ok());
  const auto at = [&](int y, int x) {
    return std::round(255.0F * coarse.values(std::clamp(y, 0, 35), std::clamp(x, 0, 63)));
  };
  for (int y = 0; y < kFrame.height; ++y) {
    for (int x = 0; x < kFrame.width; ++x) {
      // Five frame pixels a mask pixel: the shares are tenths, and no value below is a half.
      const float v = (static_cast<float>(y) + 0.5F) / 5.0F - 0.5F;
      const float u = (static_cast<float>(x) + 0.5F) / 5.0F - 0.5F;
      const int row = static_cast<int>(std::floor(v));
      const int column = static_cast<int>(std::floor(u));
      const float b = v - static_cast<float>(row);
      const float a = u - static_cast<float>(column);
      const float wide = (1 - b) * ((1 - a) * at(row, column) + a * at(row, column + 1)) +
                         b * ((1 - a) * at(row + 1, column) + a * at(row + 1, column + 1));
      ASSERT_NEAR(255.0F * alpha.values(y, x), wide, 0.501F) << x << ", " << y;
    }
  }
}

TEST(ArtifactTest, FiltersTheMaskInTheGeneratorsOrder) {
  const cv::Mat3b frame = SmoothColors(kFrame, 9);
  cv::Mat3b small;
  cv::resize(frame, small, {64, 36}, 0, 0, cv::INTER_LINEAR);
  image::AlphaMask coarse;
  ASSERT_TRUE(BrightnessSegmenter({64, 36}).Segment(small, &coarse).ok());
  cv::Mat1f wide;
  cv::resize(coarse.values, wide, kFrame, 0, 0, cv::INTER_LINEAR);
  cv::Mat1b truncated(kFrame);
  for (int y = 0; y < kFrame.height; ++y) {
    for (int x = 0; x < kFrame.width; ++x) truncated(y, x) = static_cast<uint8_t>(wide(y, x) * 255.0F);
  }
  cv::Mat1b smooth;
  cv::bilateralFilter(truncated, smooth, 5, 25, 25);
  cv::GaussianBlur(smooth, smooth, {3, 3}, 0);
  image::AlphaMask alpha;
  image::AlphaMask mask;
  ASSERT_TRUE(MatterFor("mediapipe-artifact")->Estimate(frame, &alpha, &mask).ok());
  cv::Mat1b used;
  alpha.values.convertTo(used, CV_8U, 255.0);
  // The interpolation weights differ by less than 1e-7, which tips a value next to a whole number.
  EXPECT_LE(cv::norm(used, smooth, cv::NORM_INF), 1);
  EXPECT_LT(ShareBeyond(used, smooth, 0), 0.01);
}

}  // namespace
}  // namespace peekproof::engines
