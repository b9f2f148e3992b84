// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blur.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engines/blur_limit.h"
#include "engines/engine.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const cv::Size kBlurFrame(160, 90);

class BlurTest : public ::testing::Test {
 protected:
  BlurTest() {
    caller_ = cv::Mat1b(kBlurFrame, uint8_t{0});
    caller_(cv::Rect(60, 30, 40, 60)) = uint8_t{255};
    inputs_.depth = [this](const image::Frame&) -> Result<const cv::Mat1w*> { return &far_; };
  }

  cv::Mat3b Draw(const std::string& spec, const cv::Mat3b& picture) {
    const auto blur = MakeBlur(spec, inputs_).value();
    return blur->Draw({{picture, 0, 0}, caller_}).value()->clone();
  }

  cv::Mat1b caller_;
  cv::Mat1w far_{kBlurFrame, uint16_t{65535}};
  BlurInputs inputs_;
  cv::Mat3b picture_ = RandomColors(kBlurFrame, 1);
};

TEST_F(BlurTest, ListsEveryBlurWithItsParameters) {
  std::vector<std::string> names;
  for (const BlurInfo& info : ListBlurs()) {
    names.push_back(info.name);
    EXPECT_FALSE(info.description.empty() || info.source.empty()) << info.name;
    std::string all_defaults = info.name + "(";
    for (const ParameterInfo& parameter : info.parameters) {
      all_defaults +=
          (all_defaults.back() == '(' ? "" : ",") + parameter.name + "=" + parameter.default_value;
    }
    all_defaults += ")";
    // The defaults that the list shows are those that the bare name has.
    EXPECT_EQ(cv::norm(Draw(info.name, picture_), Draw(all_defaults, picture_), cv::NORM_INF), 0)
        << all_defaults;
    EXPECT_EQ(EffectiveSigma(info.name, kBlurFrame).value(),
              EffectiveSigma(all_defaults, kBlurFrame).value());
    EXPECT_GT(cv::norm(Draw(info.name, picture_), picture_, cv::NORM_L1), 1000) << info.name;
  }
  EXPECT_THAT(names, ElementsAre("gaussian", "box", "dual-kawase", "kawase", "bokeh", "volcomix", "livekit",
                                 "chime", "privacy", "depth"));
}

TEST_F(BlurTest, KnowsTheBlurOfEveryEngine) {
  int with_blur = 0;
  for (const EngineInfo& engine : ListEngines()) {
    if (engine.blur.empty()) continue;
    ++with_blur;
    const auto blur = MakeBlur(engine.blur);
    EXPECT_TRUE(blur.ok()) << engine.name << ": " << blur.error().message;
  }
  EXPECT_GE(with_blur, 3);
}

TEST_F(BlurTest, SaysWhatIsWrong) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"gauss", "no blur is called 'gauss'; there are gaussian, box, "},
      {"gaussian(sigma=0.1)", "blur gaussian: sigma must be a number from 0.5 to 400"},
      {"gaussian(size=3)", "blur gaussian has no parameter 'size'; it has sigma, share, kernel, weighted"},
      {"gaussian(kernel=4)", "blur gaussian: kernel must be odd, not 4"},
      {"box(size=24)", "blur box: size must be odd, not 24"},
      {"gaussian(sigma=3", "bad blur spec"},
      {"gaussian(keep=10x10)", "WIDTHxHEIGHT+X+Y in pixels, several joined by ';', not '10x10'"},
      {"gaussian(keep=0x10+1+1)", "WIDTHxHEIGHT"},
      {"gaussian(keep=10x10+1+1;)", "WIDTHxHEIGHT"},
      {"gaussian(keep=10x10+-1+1)", "WIDTHxHEIGHT"},
      {"gaussian(keep=99999999999x10+1+1)", "WIDTHxHEIGHT"},
      {"chime(strength=huge)", "must be one of low, medium, high"}};
  for (const auto& [spec, message] : cases) {
    const auto blur = MakeBlur(spec);
    ASSERT_FALSE(blur.ok()) << spec;
    EXPECT_EQ(blur.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(blur.error().message, HasSubstr(message));
    EXPECT_FALSE(EffectiveSigma(spec, kBlurFrame).ok()) << spec;
  }
}

TEST_F(BlurTest, RefusesViewsThatDoNotFit) {
  const auto blur = MakeBlur("box").value();
  EXPECT_TRUE(blur->shows_room());
  const auto other = blur->Draw({{cv::Mat3b(90, 150), 0, 0}, caller_});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(other.error().message, HasSubstr("150x90 and 160x90"));
  EXPECT_FALSE(blur->Draw({{cv::Mat3b(), 0, 0}, cv::Mat1b()}).ok());
}

TEST_F(BlurTest, WeightedLeavesTheCallerOutAndUnweightedLetsHimIn) {
  cv::Mat3b other = picture_.clone();
  other.setTo(cv::Scalar(0, 0, 255), caller_);
  for (const char* name :
       {"gaussian", "box", "privacy", "dual-kawase", "bokeh", "livekit", "chime", "depth"}) {
    const std::string spec(name);
    EXPECT_EQ(
        cv::norm(Draw(spec + "(weighted=1)", picture_), Draw(spec + "(weighted=1)", other), cv::NORM_INF), 0)
        << name;
    cv::Mat difference;
    cv::absdiff(Draw(spec + "(weighted=0)", picture_), Draw(spec + "(weighted=0)", other), difference);
    difference.setTo(cv::Scalar::all(0), caller_);
    EXPECT_GT(cv::norm(difference, cv::NORM_INF), 20) << name << ": no halo";
  }
}

TEST_F(BlurTest, BoxesStaySharpBitByBitWithASoftBorder) {
  const std::string keep = "keep=30x20+10+5;50x50+130+60,feather=6";  // The second reaches over the edge.
  for (const char* name : {"gaussian", "volcomix", "kawase", "depth"}) {
    const cv::Mat3b plain = Draw(name, picture_);
    const cv::Mat3b kept = Draw(std::string(name) + "(" + keep + ")", picture_);
    for (const cv::Rect& box : {cv::Rect(10, 5, 30, 20), cv::Rect(130, 60, 30, 30)}) {
      EXPECT_EQ(cv::norm(kept(box), picture_(box), cv::NORM_INF), 0) << name;
    }
    const cv::Rect far(60, 0, 50, 90);
    EXPECT_EQ(cv::norm(kept(far), plain(far), cv::NORM_INF), 0) << name;
    for (int x = 40; x < 47; ++x) {  // Beyond the first box: 6/7, 5/7, ... of the camera.
      const double share = std::max(0.0, 1.0 - (x - 39) / 7.0);
      for (int c = 0; c < 3; ++c) {
        EXPECT_NEAR(kept(10, x)[c], share * picture_(10, x)[c] + (1 - share) * plain(10, x)[c], 1.01);
      }
    }
  }
}

TEST_F(BlurTest, AnObjectMaskStaysSharp) {
  inputs_.keep = cv::Mat1b(45, 80, uint8_t{0});  // Half the frame's size.
  inputs_.keep(cv::Rect(10, 10, 20, 20)) = uint8_t{255};
  const cv::Mat3b kept = Draw("gaussian", picture_);
  inputs_.keep.release();
  const cv::Mat3b plain = Draw("gaussian", picture_);
  const cv::Rect inside(22, 22, 36, 36);
  EXPECT_EQ(cv::norm(kept(inside), picture_(inside), cv::NORM_INF), 0);
  const cv::Rect outside(64, 0, 96, 90);
  EXPECT_EQ(cv::norm(kept(outside), plain(outside), cv::NORM_INF), 0);
}

TEST_F(BlurTest, KeepsItsBufferAndFollowsTheFramesSize) {
  const auto blur = MakeBlur("gaussian(weighted=1,keep=10x10+0+0)").value();
  const cv::Mat3b* first = blur->Draw({{picture_, 0, 0}, caller_}).value();
  const uint8_t* buffer = first->data;
  EXPECT_EQ(blur->Draw({{picture_, 1, 0}, caller_}).value()->data, buffer);
  const cv::Mat3b small = RandomColors({40, 30}, 2);
  const cv::Mat1b nobody(small.size(), uint8_t{0});
  const cv::Mat3b& drawn = *blur->Draw({{small, 2, 0}, nobody}).value();
  ASSERT_EQ(drawn.size(), small.size());
  EXPECT_EQ(cv::norm(drawn(cv::Rect(0, 0, 10, 10)), small(cv::Rect(0, 0, 10, 10)), cv::NORM_INF), 0);
}

/// Strengths at 1280x720 as the engines notes (1.11) have them, from the services' constants.
TEST(EffectiveSigmaTest, ReproducesWhatIsKnownOfTheServices) {
  const auto sigma = [](const char* spec) { return EffectiveSigma(spec, {1280, 720}).value(); };
  EXPECT_NEAR(sigma("gaussian(sigma=4.1,kernel=25)"), 4.1, 0.05);  // backscrub
  EXPECT_NEAR(sigma("volcomix"), 5.9, 0.05);
  EXPECT_NEAR(sigma("gaussian(sigma=8)"), 8, 0.05);  // Jitsi Meet
  EXPECT_NEAR(sigma("gaussian(sigma=25)"), 25, 0.05);
  EXPECT_NEAR(sigma("gaussian(sigma=15)"), 15, 0.05);  // Twilio
  EXPECT_NEAR(sigma("chime(strength=low)"), 9, 0.05);
  EXPECT_NEAR(sigma("chime"), 20, 0.05);
  EXPECT_NEAR(sigma("chime(strength=high)"), 40, 0.05);
  EXPECT_NEAR(sigma("chime(strength=low)") / EffectiveSigma("chime(strength=low)", {1920, 1080}).value(),
              9.0 / 14, 0.005);
  EXPECT_NEAR(sigma("kawase(passes=10)"), 18, 0.5);
  EXPECT_NEAR(sigma("kawase(passes=20)"), 52, 0.5);
  // Where the notes leave out what lies beside the kernel itself, or the cut.
  EXPECT_NEAR(sigma("kawase(passes=5)"), std::sqrt(6.42 * 6.42 + 5 * 0.25), 0.01);  // 6.4 without reads
  // As wide as the statement asks for, and wider where more is to be hidden.
  EXPECT_NEAR(sigma("privacy(hides=0.05)"), SigmaThatHides(36, 0.03), 0.3);
  EXPECT_GT(sigma("privacy"), 1.5 * sigma("privacy(hides=0.05)"));
  EXPECT_NEAR(sigma("livekit"), std::sqrt(5.16 * 5.16 + 2.75 + 0.25), 0.02);  // 5.2 before growing
  EXPECT_NEAR(sigma("gaussian(sigma=7,kernel=21)"), 5.20, 0.01);              // sigma 7, cut at 1.4 sigma
  EXPECT_NEAR(sigma("dual-kawase(levels=4)"), 0.9718 * std::sqrt(255.0), 0.05);
  EXPECT_NEAR(sigma("box(size=25)"), std::sqrt((625 - 1) / 12.0), 0.01);
  EXPECT_NEAR(sigma("bokeh(radius=24)"), 12, 0.1);
  EXPECT_NEAR(sigma("depth"), 20, 0.05);
}

}  // namespace
}  // namespace peekproof::engines
