// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/blur_stages.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "models/detector.h"

namespace peekproof::audit {
namespace {

/// Finds the bright part of a picture.
class BrightDetector : public models::Detector {
 public:
  Result<std::vector<models::Detection>> Detect(const cv::Mat3b& bgr) override {
    cv::Mat1b bright;
    cv::inRange(bgr, cv::Scalar::all(200), cv::Scalar::all(255), bright);
    std::vector<models::Detection> found;
    cv::Rect box;
    for (int y = 0; y < bright.rows; ++y) {
      for (int x = 0; x < bright.cols; ++x) {
        if (bright(y, x) != 0) box |= cv::Rect(x, y, 1, 1);
      }
    }
    // A solid block; shuffled pixels make none.
    if (box.area() > 0 && cv::countNonZero(bright(box)) > 0.9 * box.area())
      found.push_back({"clock", cv::Rect2f(box), 0.9});
    return found;
  }
  std::string description() const override { return "bright"; }
};

BlurResult ResultWithAClock() {
  const cv::Size size(80, 60);
  BlurResult blur;
  blur.frames = 50;
  blur.average = cv::Mat3b(size, cv::Vec3b::all(100));
  blur.restored = blur.average.clone();
  blur.restored(cv::Rect(20, 16, 24, 20)).setTo(cv::Scalar::all(240));
  blur.support = cv::Mat1f(size, 1.0F);
  blur.single = {blur.restored.clone(), cv::Mat1b(size, uint8_t{0})};
  Enhancement& enhanced = blur.enhanced.emplace();
  enhanced.scale = 2;
  enhanced.bgr = cv::Mat3b(size * 2, cv::Vec3b::all(100));
  enhanced.bgr(cv::Rect(41, 32, 48, 40)).setTo(cv::Scalar::all(240));
  return blur;
}

TEST(BlurStages, LooksAtEachStageAndKeepsTheEnhancedOneApart) {
  FindingSearch search(nullptr, std::make_unique<BrightDetector>(), nullptr);
  BlurResult blur = ResultWithAClock();
  SurveyedScene scene;
  scene.caller_presence = cv::Mat1f(6, 8, 0.0F);
  ASSERT_TRUE(FindBehindBlur(scene, &search, &blur).ok());
  EXPECT_TRUE(blur.in_single_frame.empty()) << "the caller was before it";
  EXPECT_TRUE(blur.single.bgr.empty()) << "of no use any more";
  EXPECT_TRUE(blur.seen.empty());
  ASSERT_EQ(blur.findings.size(), 1U);
  ASSERT_EQ(blur.enhanced->findings.size(), 1U);
  EXPECT_EQ(blur.enhanced->findings[0].box, cv::Rect(20, 16, 25, 20)) << "in pixels of the recording";
}

TEST(BlurStages, TellsAMissingNetwork) {
  BlurResult blur = ResultWithAClock();
  EXPECT_EQ(EnhanceRoom("magic", &blur).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace peekproof::audit
