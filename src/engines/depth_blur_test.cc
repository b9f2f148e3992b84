// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "engines/blur.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

using ::testing::HasSubstr;

const cv::Size kDepthFrame(160, 90);

class DepthBlurTest : public ::testing::Test {
 protected:
  DepthBlurTest() {
    inputs_.depth = [this](const image::Frame&) -> Result<const cv::Mat1w*> { return &depth_; };
    // What is left of column 80 is near, the rest is far.
    depth_.colRange(0, 80) = uint16_t{0};
  }

  cv::Mat3b Draw(const std::string& spec, const cv::Mat3b& picture) {
    const auto blur = MakeBlur(spec, inputs_).value();
    return blur->Draw({{picture, 0, 0}, caller_}).value()->clone();
  }

  cv::Mat1w depth_{kDepthFrame, uint16_t{65535}};
  cv::Mat1b caller_{kDepthFrame, uint8_t{0}};
  BlurInputs inputs_;
  cv::Mat3b picture_ = RandomColors(kDepthFrame, 1);
  const cv::Rect near_{0, 0, 80, 90};
  const cv::Rect far_{80, 0, 80, 90};
};

TEST_F(DepthBlurTest, TheFocusStaysSharpBitByBitAndDoesNotBleed) {
  cv::Mat3b other = picture_.clone();
  other(near_) = cv::Vec3b(0, 0, 255);
  const cv::Mat3b drawn = Draw("depth(sigma=8)", picture_);
  const cv::Mat3b drawn_other = Draw("depth(sigma=8)", other);
  EXPECT_EQ(cv::norm(drawn(near_), picture_(near_), cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(drawn(far_), drawn_other(far_), cv::NORM_INF), 0);
  // The other way round: focus on what is far.
  const cv::Mat3b turned = Draw("depth(sigma=8,focus=1)", picture_);
  EXPECT_EQ(cv::norm(turned(far_), picture_(far_), cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(turned(near_), picture_(near_), cv::NORM_INF), 50);
}

TEST_F(DepthBlurTest, WhatIsFarGetsTheFullGaussian) {
  depth_ = uint16_t{65535};
  EXPECT_EQ(cv::norm(Draw("depth(sigma=8)", picture_), Draw("gaussian(sigma=8,weighted=1)", picture_),
                     cv::NORM_INF),
            0);
  EXPECT_EQ(cv::norm(Draw("depth(share=0.1)", picture_), Draw("gaussian(share=0.1,weighted=1)", picture_),
                     cv::NORM_INF),
            0);
}

TEST_F(DepthBlurTest, StrengthGrowsWithTheDistanceFromTheFocus) {
  // Strength (|d - 0.25| - 0.1) / 0.5, for columns whose distance grows from 0 to 1.
  for (int x = 0; x < kDepthFrame.width; ++x) {
    depth_.col(x) = cv::saturate_cast<uint16_t>(65535.0 * x / (kDepthFrame.width - 1));
  }
  cv::Mat3b noise(90, 160);
  RandomColors(kDepthFrame, 7).copyTo(noise);
  const cv::Mat3b drawn = Draw("depth(sigma=12,focus=0.25,sharp=0.1,ramp=0.5)", noise);
  const auto contrast = [&](int x) {
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(drawn(cv::Rect(x - 2, 0, 5, 90)), mean, deviation);
    return deviation[1];
  };
  for (const int x : {30, 40, 50}) {
    EXPECT_EQ(cv::norm(drawn.col(x), noise.col(x), cv::NORM_INF), 0) << x;
  }
  EXPECT_LT(contrast(5), contrast(40) - 5);  // Nearer than the focus.
  EXPECT_LT(contrast(75), contrast(60) - 5);
  EXPECT_LT(contrast(90), contrast(75) - 5);
  EXPECT_LT(contrast(150), 6);
}

TEST_F(DepthBlurTest, InterpolatesBetweenItsLevels) {
  // Strength 96 of 255 everywhere lies half way between the levels at 64 and 128.
  depth_ = cv::saturate_cast<uint16_t>(65535.0 * (0.1 + 0.4 * 96 / 255));
  const cv::Mat3b drawn = Draw("depth(sigma=16)", picture_);
  const cv::Mat3b low = Draw(fmt::format("gaussian(sigma={},weighted=1)", 16.0 * 64 / 255), picture_);
  const cv::Mat3b high = Draw(fmt::format("gaussian(sigma={},weighted=1)", 16.0 * 128 / 255), picture_);
  cv::Mat3b half;
  cv::addWeighted(low, 0.5, high, 0.5, 0, half);
  EXPECT_LE(cv::norm(drawn, half, cv::NORM_INF), 2);
}

TEST_F(DepthBlurTest, ScalesTheDepthToTheFrame) {
  cv::Mat1w small(45, 80, uint16_t{65535});
  small.colRange(0, 40) = uint16_t{0};
  const cv::Mat3b full = Draw("depth(sigma=8)", picture_);
  depth_ = small;
  const cv::Mat3b scaled = Draw("depth(sigma=8)", picture_);
  const cv::Rect sharp(0, 0, 78, 90);
  EXPECT_EQ(cv::norm(scaled(sharp), picture_(sharp), cv::NORM_INF), 0);
  EXPECT_LE(cv::norm(scaled(cv::Rect(110, 0, 50, 90)), full(cv::Rect(110, 0, 50, 90)), cv::NORM_INF), 3);
}

TEST_F(DepthBlurTest, PassesErrorsOnAndRefusesNothingAsDepth) {
  depth_.release();
  const auto blur = MakeBlur("depth", inputs_).value();
  EXPECT_EQ(blur->Draw({{picture_, 0, 0}, caller_}).error().code, ErrorCode::kInvalidArgument);
  inputs_.depth = [](const image::Frame&) -> Result<const cv::Mat1w*> {
    return Error{ErrorCode::kCorruptData, "the depth stream ends"};
  };
  const auto ending = MakeBlur("depth", inputs_).value();
  EXPECT_EQ(ending->Draw({{picture_, 0, 0}, caller_}).error().message, "the depth stream ends");
}

TEST_F(DepthBlurTest, DoesNotDependOnThreads) {
  cv::randu(depth_, 0, 65536);
  cv::Mat3b one;
  {
    const ThreadLimit limit(1);
    one = Draw("depth", picture_);
  }
  const ThreadLimit limit(3);
  EXPECT_EQ(cv::norm(one, Draw("depth", picture_), cv::NORM_INF), 0);
}

/// Calls near what is green.
class GreenIsNear : public models::DepthEstimator {
 public:
  cv::Size input_size() const override { return {40, 30}; }
  Result<void> Estimate(const cv::Mat3b& bgr, cv::Mat1f* distance) override {
    distance->create(bgr.size());
    for (int y = 0; y < bgr.rows; ++y) {
      for (int x = 0; x < bgr.cols; ++x) (*distance)(y, x) = bgr(y, x)[1] > 200 ? 0.0F : 1.0F;
    }
    return {};
  }
  std::string description() const override { return "green is near"; }
};

TEST_F(DepthBlurTest, AsksANetworkWhereNoDepthIsGiven) {
  inputs_.depth = nullptr;
  std::string asked;
  inputs_.make_depth_estimator =
      [&](const std::string& model) -> Result<std::unique_ptr<models::DepthEstimator>> {
    asked = model;
    return std::unique_ptr<models::DepthEstimator>(std::make_unique<GreenIsNear>());
  };
  cv::Mat3b scene(90, 160, cv::Vec3b(0, 255, 0));
  RandomColors({80, 90}, 3).copyTo(scene(far_));
  for (int y = 0; y < 90; ++y) {
    for (int x = 80; x < 160; ++x) scene(y, x)[1] /= 2;
  }
  const cv::Mat3b drawn = Draw("depth(model=mine)", scene);
  EXPECT_EQ(asked, "mine");
  const cv::Rect sharp(0, 0, 70, 90);
  EXPECT_EQ(cv::norm(drawn(sharp), scene(sharp), cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(drawn(far_), scene(far_), cv::NORM_INF), 50);
  inputs_.make_depth_estimator = models::MakeDepthEstimator;
  const Error unknown = MakeBlur("depth(model=nothing)", inputs_).error();
  EXPECT_EQ(unknown.code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.message, HasSubstr("tcmonodepth"));
}

}  // namespace
}  // namespace peekproof::engines
