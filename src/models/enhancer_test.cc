// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/enhancer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/random.h"
#include "models/testing/environment.h"
#include "models/testing/onnx_builder.h"
#include "models/testing/test_models.h"

namespace peekproof::models {
namespace {

using ::testing::HasSubstr;

/// Smooth colours with edges.
cv::Mat3b Picture(cv::Size size) {
  cv::Mat3b blocks(size.height / 10 + 1, size.width / 10 + 1);
  for (int y = 0; y < blocks.rows; ++y) {
    RowRandom random(4, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < blocks.cols; ++x) {
      for (int c = 0; c < 3; ++c) blocks(y, x)[c] = static_cast<uint8_t>(random.Next() % 256);
    }
  }
  cv::Mat3b picture;
  cv::resize(blocks, picture, size, 0, 0, cv::INTER_NEAREST);
  cv::GaussianBlur(picture, picture, {}, 1.5);
  return picture;
}

class EnhancerTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Enhancer>> Make(const testing::TestOnnx& onnx) {
    const auto path = folder_.path() / "net.onnx";
    testing::WriteFile(path, testing::BuildOnnx(onnx));
    return MakeEnhancer(path.string());
  }

  testing::ScopedFolder folder_;
};

TEST_F(EnhancerTest, RunsColoursInTiles) {
  // The negative, channel by channel: red and blue must not be exchanged.
  const testing::TestOnnx onnx{
      .input_shape = {1, 3, 96, 64}, .weights = {-1, 0, 0, 0, 1, 0, 0, 0, 0.5F}, .bias = {1, 0, 0}};
  const auto enhancer = Make(onnx);
  ASSERT_TRUE(enhancer.ok()) << enhancer.error().message;
  EXPECT_EQ((*enhancer)->scale(), 1);
  EXPECT_EQ((*enhancer)->description(), "net.onnx on OpenCV dnn");
  for (const cv::Size size : {cv::Size(203, 151), cv::Size(64, 96), cv::Size(1, 1), cv::Size(32, 65)}) {
    const cv::Mat3b picture = Picture(size);
    const cv::Mat3b enhanced = (*enhancer)->Enhance(picture).value();
    ASSERT_EQ(enhanced.size(), size);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        ASSERT_NEAR(enhanced(y, x)[2], 255 - picture(y, x)[2], 1) << x << " " << y;
        ASSERT_NEAR(enhanced(y, x)[1], picture(y, x)[1], 1);
        ASSERT_NEAR(enhanced(y, x)[0], 0.5 * picture(y, x)[0], 1);
      }
    }
  }
  EXPECT_EQ((*enhancer)->Enhance({}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(EnhancerTest, LeavesNoSeamBetweenTiles) {
  // A network that looks around each pixel, as real ones do, and sees nothing beyond its tile.
  constexpr int kReach = 4;
  constexpr int kSize = 2 * kReach + 1;
  const auto enhancer = Make({.input_shape = {1, 1, 64, 64},
                              .kernel_size = kSize,
                              .weights = std::vector<float>(kSize * kSize, 1.0F / (kSize * kSize)),
                              .bias = {0}});
  ASSERT_TRUE(enhancer.ok()) << enhancer.error().message;
  cv::Mat1b grey;
  cv::cvtColor(Picture({150, 110}), grey, cv::COLOR_BGR2GRAY);
  cv::Mat3b picture;
  cv::cvtColor(grey, picture, cv::COLOR_GRAY2BGR);
  cv::Mat3b expected;
  cv::blur(picture, expected, {kSize, kSize}, {-1, -1}, cv::BORDER_REPLICATE);
  EXPECT_LE(cv::norm((*enhancer)->Enhance(picture).value(), expected, cv::NORM_INF), 1);
}

TEST_F(EnhancerTest, RunsLumaBesideTheColours) {
  const auto enhancer = Make({.input_shape = {1, 1, 64, 64}, .weights = {0.5F}, .bias = {0}});
  ASSERT_TRUE(enhancer.ok()) << enhancer.error().message;
  const cv::Mat3b grey(70, 90, cv::Vec3b::all(100));
  EXPECT_EQ((*enhancer)->Enhance(grey).value()(40, 40), cv::Vec3b::all(50));
}

TEST_F(EnhancerTest, TakesOpenSides) {
  const auto enhancer = Make({.input_shape = {1, 1, 0, 0}, .weights = {1}, .bias = {0}});
  ASSERT_TRUE(enhancer.ok()) << enhancer.error().message;
  const cv::Mat3b picture(200, 300, cv::Vec3b::all(77));
  EXPECT_EQ((*enhancer)->Enhance(picture).value()(190, 290), cv::Vec3b::all(77));
}

TEST_F(EnhancerTest, SaysWhatItWants) {
  const auto two = Make({.input_shape = {1, 2, 64, 64}, .weights = {1, 0, 0, 1}, .bias = {0, 0}});
  ASSERT_FALSE(two.ok());
  EXPECT_EQ(two.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(two.error().message, HasSubstr("found 2 channels"));
  const auto mask = Make({.input_shape = {1, 3, 64, 64}, .weights = {1, 2, -1}, .bias = {7}});
  EXPECT_THAT(mask.error().message, HasSubstr("expected an output of 1 x 3 x height x width"));
  EXPECT_FALSE(Make({.input_shape = {1, 3, 8, 8}, .weights = std::vector<float>(9), .bias = {0, 0, 0}}).ok());
  for (const char* name : {"damaged.onnx", "damaged.pb", "picture.png"}) {
    testing::WriteFile(folder_.path() / name, std::string("nothing of the kind"));
    const auto damaged = MakeEnhancer((folder_.path() / name).string());
    ASSERT_FALSE(damaged.ok()) << name;
    EXPECT_EQ(damaged.error().message.find('\n'), std::string::npos) << "one line";
  }
  EXPECT_EQ(MakeEnhancer((folder_.path() / "none.onnx").string()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(MakeEnhancer("yolox-nano").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(MakeEnhancer("magic").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(MakeEnhancer("magic").error().message, HasSubstr("the path of a .pb or .onnx file"));
}

class SuperResolutionTest : public ::testing::TestWithParam<const char*> {};

TEST_P(SuperResolutionTest, BringsBackWhatShrinkingTook) {
  const auto path = testing::FindTestModel(GetParam());
  if (!path) GTEST_SKIP() << GetParam() << " is not there";
  const auto enhancer = MakeEnhancer(path->string());
  ASSERT_TRUE(enhancer.ok()) << enhancer.error().message;
  const int scale = (*enhancer)->scale();
  const cv::Mat3b large = Picture({320 * scale, 200 * scale});
  cv::Mat3b small;
  cv::resize(large, small, {320, 200}, 0, 0, cv::INTER_AREA);
  cv::Mat3b linear;
  cv::resize(small, linear, large.size(), 0, 0, cv::INTER_LINEAR);
  const cv::Mat3b enhanced = (*enhancer)->Enhance(small).value();
  ASSERT_EQ(enhanced.size(), large.size());
  EXPECT_LT(cv::norm(enhanced, large), cv::norm(linear, large));
}

INSTANTIATE_TEST_SUITE_P(Models, SuperResolutionTest,
                         ::testing::Values("sr_fsrcnn_x2.pb", "sr_fsrcnn_x4.pb", "sr_espcn_x2.pb"),
                         [](const auto& tested) {
                           const std::string file = tested.param;
                           return file.substr(0, file.find('.'));
                         });

}  // namespace
}  // namespace peekproof::models
