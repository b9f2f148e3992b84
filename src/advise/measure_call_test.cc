// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/measure_call.h"

#include <gtest/gtest.h>

#include "advise/call_case.h"
#include "media/test_clips.h"
#include "models/segmenter.h"
#include "testbed/studio.h"

namespace peekproof::advise {
namespace {

/// Films a case without any background; the traits by its true mattes.
CallTraits Film(const CallCase& one, const std::string& path) {
  testbed::SceneOptions scene = SceneOf(one, {320, 180}, 25, 75);
  scene.foreground.render_height_px = 180;
  auto studio = testbed::Studio::Create(scene);
  EXPECT_TRUE(studio.ok());
  std::vector<cv::Mat3b> pictures(static_cast<size_t>(scene.frames));
  CallerMotionMeter truth;
  image::AlphaMask caller;
  cv::Mat footage;
  for (int i = 0; i < scene.frames; ++i) {
    EXPECT_TRUE(studio->Fetch(i, &footage).ok());
    studio->Shoot(i, footage, &pictures[static_cast<size_t>(i)], &caller);
    truth.Add(caller.values, scene.TimeOf(i));
  }
  media::test::WriteClip(path, pictures, {});
  return truth.Traits();
}

TEST(MeasureCall, ComesNearTheTruth) {
  const auto segmenter = models::MakeSegmenter("landscape");
  if (!segmenter.ok()) GTEST_SKIP() << segmenter.error().message;
  const media::test::TemporaryFolder folder;
  const ChosenCase waving = NearestCase({.caller_share = 0.25, .speed_per_s = 1.9, .sweep = 1.5});
  const CallTraits truth = Film(waving.chosen, folder / "call.mp4");
  const auto measured = MeasureCall(folder / "call.mp4", {}, "landscape", nullptr, {});
  ASSERT_TRUE(measured.ok()) << measured.error().message;
  EXPECT_NEAR(measured->caller_share, truth.caller_share, 0.25 * truth.caller_share);
  EXPECT_NEAR(measured->speed_per_s, truth.speed_per_s, 0.5 * truth.speed_per_s);
  EXPECT_LT(Distance(*measured, truth), 2);
}

TEST(MeasureCall, NamesWhatIsNotThere) {
  EXPECT_FALSE(MeasureCall("gone.mp4", {}, "landscape", nullptr, {}).ok());
  EXPECT_FALSE(MeasureCall("gone.mp4", {}, "no-such-model", nullptr, {}).ok());
}

}  // namespace
}  // namespace peekproof::advise
