// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "models/segmenter.h"
#include "testbed/caller.h"
#include "testbed/demo.h"
#include "testbed/studio.h"

namespace peekproof::testbed {
namespace {

/// The default model, from where models are looked up or from this repository's own npm packages.
Result<std::unique_ptr<models::Segmenter>> DefaultModel() {
  auto found = models::MakeSegmenter("landscape");
  if (found.ok()) return found;
  return models::MakeSegmenter(std::string(TESTBED_MODEL_DIR) + "/selfie_segmentation_landscape.tflite");
}

double IntersectionOverUnion(const cv::Mat1f& a, const cv::Mat1f& b) {
  const cv::Mat1b in_a(a > 0.5F);
  const cv::Mat1b in_b(b > 0.5F);
  const cv::Mat1b both(in_a & in_b);
  const cv::Mat1b either(in_a | in_b);
  return static_cast<double>(cv::countNonZero(both)) / std::max(1, cv::countNonZero(either));
}

/// IoU of the network's mask, brought to frame size, with the true matte.
double IouOfFrame(const Studio& studio, int64_t frame, models::Segmenter* segmenter) {
  cv::Mat3b bgr, small;
  image::AlphaMask caller, mask;
  studio.Shoot(frame, {}, &bgr, &caller);
  cv::resize(bgr, small, segmenter->input_size(), 0, 0, cv::INTER_AREA);
  const Result<void> result = segmenter->Segment(small, &mask);
  PEEKPROOF_CHECK(result.ok(), "{}", result.error().message);
  cv::Mat1f scaled;
  cv::resize(mask.values, scaled, bgr.size(), 0, 0, cv::INTER_LINEAR);
  return IntersectionOverUnion(scaled, caller.values);
}

class CallerLooks : public testing::TestWithParam<int> {};

TEST_P(CallerLooks, AreTakenForAPerson) {
  auto model = DefaultModel();
  if (!model.ok()) GTEST_SKIP() << "needs the default model: " << model.error().message;
  SceneOptions options = DemoScene({});
  options.foreground.look = GetParam();
  const Studio studio = Studio::Create(options).value();
  constexpr int kStep = 25;
  double sum = 0;
  double worst = 1;
  int frames = 0;
  for (int64_t frame = 7; frame < options.frames; frame += kStep, ++frames) {
    const double iou = IouOfFrame(studio, frame, model->get());
    EXPECT_GE(iou, 0.85) << "frame " << frame;
    worst = std::min(worst, iou);
    sum += iou;
  }
  RecordProperty("mean_iou", fmt::format("{:.4f}", sum / frames));
  fmt::print("look {}: mean IoU {:.4f}, worst {:.4f} of {} frames\n", GetParam(), sum / frames, worst,
             frames);
  EXPECT_GE(sum / frames, 0.93);
}

INSTANTIATE_TEST_SUITE_P(All, CallerLooks, testing::Range(0, kPresetLooks));

TEST(EmptyRoom, IsTakenForNobody) {
  auto model = DefaultModel();
  if (!model.ok()) GTEST_SKIP() << "needs the default model: " << model.error().message;
  const Studio studio = Studio::Create(DemoScene({})).value();
  cv::Mat3b small;
  image::AlphaMask mask;
  cv::resize(studio.true_room(), small, (*model)->input_size(), 0, 0, cv::INTER_AREA);
  ASSERT_TRUE((*model)->Segment(small, &mask).ok());
  EXPECT_LT(cv::countNonZero(cv::Mat1b(mask.values > 0.5F)), static_cast<int>(mask.values.total() / 100));
}

}  // namespace
}  // namespace peekproof::testbed
