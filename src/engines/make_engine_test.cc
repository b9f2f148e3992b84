// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engines/engine.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

TEST(MakeEngineTest, ReportsBadSpecsBeforeLookingForAModel) {
  EXPECT_EQ(MakeEngine("").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(MakeEngine("none").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(MakeMatter("meet(wrap=2)").error().code, ErrorCode::kInvalidArgument);
}

TEST(MakeEngineTest, ReportsAMissingModel) {
  EXPECT_EQ(MakeEngine("jitsi(model=no/such/model.tflite)").error().code, ErrorCode::kNotFound);
}

TEST(MakeEngineTest, RealModelsSeeNobodyOnAPlainWall) {
  const cv::Size size(640, 360);
  const image::Frame wall{cv::Mat3b(size, cv::Vec3b(150, 160, 170)), 0, 0};
  const cv::Mat3b wallpaper = SmoothColors(size, 2);
  for (const EngineInfo& info : ListEngines()) {
    auto engine = MakeEngine(info.name);
    if (!engine.ok() && engine.error().code == ErrorCode::kNotFound) {
      GTEST_SKIP() << "no model for " << info.name << ": " << engine.error().message;
    }
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    Composite composite;
    for (int i = 0; i < 2; ++i) {
      const auto result = engine.value()->Process(wall, wallpaper, &composite);
      ASSERT_TRUE(result.ok()) << result.error().message;
    }
    EXPECT_LT(cv::mean(composite.alpha.values)[0], 0.05) << info.name;
    auto matter = MakeMatter(info.name);
    ASSERT_TRUE(matter.ok());
    image::AlphaMask alpha;
    image::AlphaMask mask;
    ASSERT_TRUE(matter.value()->Estimate(wall.bgr, &alpha, &mask).ok());
    // The wall does not change, so neither does the mask that the engine used.
    EXPECT_EQ(cv::norm(alpha.values, composite.alpha.values, cv::NORM_INF), 0) << info.name;
  }
}

}  // namespace
}  // namespace peekproof::engines
