// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/depth_estimator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "models/testing/environment.h"
#include "models/testing/onnx_builder.h"
#include "models/testing/reference_picture.h"
#include "models/testing/test_models.h"

namespace peekproof::models {
namespace {

using testing::BuildOnnx;
using ::testing::HasSubstr;
using testing::ScopedFolder;
using testing::ScopedVariable;
using testing::TestOnnx;
using testing::WriteFile;

class DepthEstimatorTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<DepthEstimator>> Make(const TestOnnx& onnx) {
    WriteFile(folder_.path() / "depth.onnx", BuildOnnx(onnx));
    return MakeDepthEstimator((folder_.path() / "depth.onnx").string());
  }

  ScopedFolder folder_;
};

TEST_F(DepthEstimatorTest, TurnsInverseDepthIntoDistanceFromZeroToOne) {
  // Inverse depth = R + 2 G - B + 7 of values from 0 to 255.
  auto estimator = Make({.weights = {1, 2, -1}, .bias = {7}}).value();
  EXPECT_EQ(estimator->input_size(), cv::Size(12, 8));
  EXPECT_EQ(estimator->description(), "depth.onnx on OpenCV dnn");
  const cv::Mat3b bgr = testing::ReferencePictureBgr(12, 8);
  cv::Mat1d inverse(bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) inverse(y, x) = bgr(y, x)[2] + 2.0 * bgr(y, x)[1] - bgr(y, x)[0];
  }
  double low = 0;
  double high = 0;
  cv::minMaxLoc(inverse, &low, &high);
  cv::Mat1f distance;
  ASSERT_TRUE(estimator->Estimate(bgr, &distance).ok());
  ASSERT_EQ(distance.size(), bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      ASSERT_NEAR(distance(y, x), (high - inverse(y, x)) / (high - low), 1e-5);
    }
  }
}

TEST_F(DepthEstimatorTest, CallsFarWhatItCannotTell) {
  cv::Mat1f distance;
  auto flat = Make({.weights = {1, 2, -1}, .bias = {7}}).value();
  ASSERT_TRUE(flat->Estimate(cv::Mat3b(8, 12, cv::Vec3b(9, 8, 7)), &distance).ok());
  EXPECT_EQ(cv::countNonZero(distance == 1.0F), 96);
  auto broken = Make({.weights = {1, 2, -1}, .bias = {std::numeric_limits<float>::quiet_NaN()}}).value();
  ASSERT_TRUE(broken->Estimate(testing::ReferencePictureBgr(12, 8), &distance).ok());
  EXPECT_EQ(cv::countNonZero(distance == 1.0F), 96);
}

TEST_F(DepthEstimatorTest, ReusesItsOutputAndRefusesOtherSizes) {
  auto estimator = Make({.weights = {1, 0, 0}, .bias = {0}}).value();
  cv::Mat1f distance;
  ASSERT_TRUE(estimator->Estimate(testing::ReferencePictureBgr(12, 8), &distance).ok());
  const float* values = distance.ptr<float>();
  ASSERT_TRUE(estimator->Estimate(cv::Mat3b(8, 12, cv::Vec3b(1, 2, 3)), &distance).ok());
  EXPECT_EQ(distance.ptr<float>(), values);
  const Result<void> done = estimator->Estimate(cv::Mat3b(12, 8), &distance);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(done.error().message, HasSubstr("12 x 8"));
}

TEST_F(DepthEstimatorTest, NamesWhatItExpected) {
  const auto two = Make({.weights = std::vector<float>(6), .bias = {0, 0}});
  ASSERT_FALSE(two.ok());
  EXPECT_EQ(two.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(two.error().message, HasSubstr("1 channel, found 1, the first [1x8x12x2]"));
  EXPECT_TRUE(two.error().message.ends_with("depth.onnx"));
  const auto grey = Make({.input_shape = {1, 1, 8, 8}, .weights = {1}, .bias = {0}});
  ASSERT_FALSE(grey.ok());
  EXPECT_THAT(grey.error().message, HasSubstr("3 channels, found [1x8x8x1]"));
  const Error task = MakeDepthEstimator("landscape").error();
  EXPECT_EQ(task.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(task.message, HasSubstr("for the task segment, not for depth"));
  const Error unknown = MakeDepthEstimator("midas").error();
  EXPECT_EQ(unknown.code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.message, HasSubstr("there are tcmonodepth"));
}

TEST_F(DepthEstimatorTest, RunsTheRealNetwork) {
  const auto path = testing::FindTestModel("tcmonodepth_small_192x320.onnx");
  if (!path.has_value()) GTEST_SKIP() << "tcmonodepth is not here";
  const ScopedVariable models("PEEKPROOF_MODEL_DIR", path->parent_path().string());
  auto estimator = MakeDepthEstimator("tcmonodepth").value();
  EXPECT_EQ(estimator->input_size(), cv::Size(320, 192));
  EXPECT_EQ(estimator->description(), "tcmonodepth on OpenCV dnn");
  cv::Mat1f distance;
  ASSERT_TRUE(estimator->Estimate(testing::ReferencePictureBgr(320, 192), &distance).ok());
  ASSERT_EQ(distance.size(), cv::Size(320, 192));
  double low = 0;
  double high = 0;
  cv::minMaxLoc(distance, &low, &high);
  EXPECT_EQ(low, 0.0);
  EXPECT_EQ(high, 1.0);
  EXPECT_LT(distance(170, 160), distance(20, 20));  // The drawn caller's chest, the wall behind.
}

}  // namespace
}  // namespace peekproof::models
