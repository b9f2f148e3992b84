// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/face_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/detection.h"

namespace peekproof::models {
namespace {

using ::testing::HasSubstr;

TEST(DecodeYunetTest, ByHand) {
  constexpr int kGridColumns = 4;
  std::vector<float> scores(kGridColumns * 3, 0.0F);
  std::vector<float> objects(kGridColumns * 3, 1.0F);
  std::vector<float> boxes(kGridColumns * 3 * 4, 0.0F);
  scores[6] = 0.81F;  // Cell (2, 1).
  boxes[24] = 0.5F;
  boxes[25] = 0.25F;
  boxes[26] = std::log(3.0F);
  boxes[27] = std::log(4.0F);
  scores[1] = 1;
  boxes[4] = std::numeric_limits<float>::quiet_NaN();
  scores[2] = 1;
  boxes[10] = 50;  // Wider than anything.
  scores[3] = 1;
  objects[3] = 0.2F;  // Below the least: the root of 0.2 is 0.45.
  const std::vector<RawDetection> found = DecodeYunet(scores, objects, boxes, 16, kGridColumns, 0.6F);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].confidence, 0.9, 1e-6);
  EXPECT_NEAR(found[0].box.width, 48, 1e-3);
  EXPECT_NEAR(found[0].box.height, 64, 1e-3);
  EXPECT_NEAR(found[0].box.x, 2.5 * 16 - 24, 1e-3);
  EXPECT_NEAR(found[0].box.y, 1.25 * 16 - 32, 1e-3);
}

TEST(FaceDetectorTest, RefusesWhatIsNone) {
  const auto missing = MakeFaceDetector("/nowhere/face.onnx");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  const auto other = MakeFaceDetector("landscape");
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().message, HasSubstr("landscape"));
  const auto options = MakeFaceDetector("yunet", {.least_confidence = 2});
  ASSERT_FALSE(options.ok());
  EXPECT_EQ(options.error().code, ErrorCode::kInvalidArgument);
}

TEST(FaceDetectorTest, FindsNoFaceInGrey) {
  const auto detector = MakeFaceDetector("yunet");
  if (!detector.ok()) GTEST_SKIP() << detector.error().message;
  const auto faces = detector.value()->Detect(cv::Mat3b(300, 500, cv::Vec3b::all(128)));
  ASSERT_TRUE(faces.ok()) << faces.error().message;
  EXPECT_TRUE(faces.value().empty());
  EXPECT_FALSE(detector.value()->Detect({}).ok());
}

}  // namespace
}  // namespace peekproof::models
