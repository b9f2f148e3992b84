// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "models/detection.h"
#include "models/testing/environment.h"
#include "models/testing/onnx_builder.h"
#include "models/testing/test_models.h"

namespace peekproof::models {
namespace {

using ::testing::HasSubstr;

constexpr int kColumns = 8;  // Three classes.
const cv::Size kInput(64, 32);

TEST(DetectionTest, CountsTheCellsOfThreeGrids) {
  EXPECT_EQ(YoloxRows({416, 416}), 3549);
  EXPECT_EQ(YoloxRows({640, 640}), 8400);
  EXPECT_EQ(YoloxRows(kInput), 8 * 4 + 4 * 2 + 2 * 1);
}

TEST(DetectionTest, DecodesYoloxByHand) {
  std::vector<float> values(static_cast<size_t>(YoloxRows(kInput)) * kColumns, 0.0F);
  const auto row = [&](int number) { return values.data() + static_cast<std::ptrdiff_t>(number) * kColumns; };
  // Cell (3, 1) of the grid of stride 8 is row 1 * 8 + 3; its centre is moved by (0.5, 0.25) cells.
  const float first[kColumns] = {0.5F, 0.25F, std::log(2.0F), std::log(1.0F), 0.9F, 0.1F, 0.8F, 0.2F};
  std::copy(first, first + kColumns, row(11));
  // Cell (1, 0) of the grid of stride 32 is the last row.
  const float second[kColumns] = {0.0F, 0.0F, 0.0F, std::log(0.5F), 0.5F, 0.0F, 0.0F, 1.0F};
  std::copy(second, second + kColumns, row(YoloxRows(kInput) - 1));
  row(5)[4] = std::numeric_limits<float>::quiet_NaN();
  row(6)[4] = 1;
  row(6)[2] = 50;  // Wider than anything.
  row(6)[5] = 1;
  const std::vector<RawDetection> found = DecodeYolox(values, kColumns, kInput, 0.3F);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, 1);
  EXPECT_NEAR(found[0].confidence, 0.72, 1e-6);
  EXPECT_NEAR(found[0].box.x, 3.5 * 8 - 8, 1e-4);
  EXPECT_NEAR(found[0].box.y, 1.25 * 8 - 4, 1e-4);
  EXPECT_NEAR(found[0].box.width, 16, 1e-4);
  EXPECT_NEAR(found[0].box.height, 8, 1e-4);
  EXPECT_EQ(found[1].label, 2);
  EXPECT_NEAR(found[1].box.x, 32 - 16, 1e-4);
  EXPECT_NEAR(found[1].box.height, 16, 1e-4);
}

TEST(DetectionTest, DecodesYolov8ByHand) {
  // Two anchors, two classes: channel by channel.
  const std::vector<float> values = {10, 30, 20, 40, 4, 8, 6, 10, 0.1F, 0.7F, 0.2F, 0.6F};
  const std::vector<RawDetection> found = DecodeYolov8(values, 2, 0.3F);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].label, 0);
  EXPECT_FLOAT_EQ(found[0].confidence, 0.7F);
  EXPECT_EQ(found[0].box, cv::Rect2f(26, 35, 8, 10));
}

TEST(DetectionTest, OverlapIsThatOfTheAreas) {
  EXPECT_FLOAT_EQ(OverlapOf({0, 0, 2, 2}, {1, 0, 2, 2}), 2.0F / 6);
  EXPECT_EQ(OverlapOf({0, 0, 1, 1}, {2, 2, 1, 1}), 0);
  EXPECT_EQ(OverlapOf({}, {}), 0);
}

/// Takes out, again and again, the most confident box and all that it covers.
std::vector<RawDetection> SuppressSlowly(std::vector<RawDetection> rest, float overlap) {
  std::vector<RawDetection> kept;
  while (!rest.empty()) {
    size_t best = 0;
    for (size_t i = 1; i < rest.size(); ++i)
      if (rest[i].confidence > rest[best].confidence) best = i;
    const RawDetection chosen = rest[best];
    kept.push_back(chosen);
    std::vector<RawDetection> left;
    for (size_t i = 0; i < rest.size(); ++i) {
      if (i == best) continue;
      if (rest[i].label == chosen.label && OverlapOf(rest[i].box, chosen.box) > overlap) continue;
      left.push_back(rest[i]);
    }
    rest = left;
  }
  return kept;
}

TEST(DetectionTest, SuppressesAsTheSlowTwin) {
  RowRandom random(5, 0, 0);
  std::vector<RawDetection> boxes;
  for (int i = 0; i < 120; ++i) {
    const auto number = [&](double low, double high) {
      return static_cast<float>(random.Uniform(low, high));
    };
    boxes.push_back({{number(0, 60), number(0, 60), number(5, 30), number(5, 30)},
                     static_cast<int>(random.Next() % 3),
                     number(0, 1)});
  }
  const auto fast = SuppressOverlaps(boxes, 0.3F);
  const auto slow = SuppressSlowly(boxes, 0.3F);
  ASSERT_EQ(fast.size(), slow.size());
  for (size_t i = 0; i < fast.size(); ++i) EXPECT_EQ(fast[i].box, slow[i].box) << i;
  EXPECT_LT(fast.size(), boxes.size());
}

TEST(DetectorTest, SaysWhatItWants) {
  const testing::ScopedFolder folder;
  testing::WriteFile(folder.path() / "other.onnx",
                     testing::BuildOnnx({.input_shape = {1, 3, 32, 64}, .weights = {1, 2, -1}, .bias = {7}}));
  const auto other = MakeDetector((folder.path() / "other.onnx").string());
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(other.error().message, HasSubstr("expected an output of 1 x 42 x (5 + classes)"));
  EXPECT_EQ(MakeDetector("landscape").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(MakeDetector((folder.path() / "none.onnx").string()).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(MakeDetector("yolox-nano", {.least_confidence = 2}).ok());
}

TEST(DetectorTest, TheRegisteredModelRuns) {
  const auto detector = MakeDetector("yolox-nano");
  if (!detector.ok()) GTEST_SKIP() << detector.error().message;
  const auto found = (*detector)->Detect(cv::Mat3b(300, 500, cv::Vec3b(90, 120, 140)));
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_TRUE(found->empty()) << "nothing is in a plain picture";
  EXPECT_FALSE((*detector)->Detect({}).ok());
}

}  // namespace
}  // namespace peekproof::models
