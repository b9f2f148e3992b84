// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "audit/audit.h"
#include "audit/testing.h"
#include "base/temporary_folder.h"
#include "media/picture.h"
#include "media/video_writer.h"
#include "models/segmenter.h"
#include "testbed/scene.h"
#include "testbed/wallpaper.h"

namespace peekproof::audit {
namespace {

const cv::Size kCallSize(640, 360);

TEST(LoopCallTest, AVideoThatRepeatsIsLearned) {
  if (!models::MakeSegmenter("landscape").ok() || !models::MakeSegmenter("selfie").ok())
    GTEST_SKIP() << "the models are not installed: run `make setup`";
  const auto folder = TemporaryFolder::Make();
  ASSERT_TRUE(folder.ok()) << folder.error().message;
  const auto path = [&](const std::string& name) { return **folder / name; };
  const cv::Mat3b landscape = testbed::MakeWallpaper(testbed::WallpaperKind::kMountains, 3, kCallSize * 2);
  constexpr int kPictures = 24;
  auto loop = media::VideoWriter::Create(path("short_loop.mkv"), kCallSize, {.codec = "ffv1"});
  ASSERT_TRUE(loop.ok()) << loop.error().message;
  for (int i = 0; i < kPictures; ++i) {
    const cv::Point corner(320 + static_cast<int>(80 * std::cos(2 * CV_PI * i / kPictures)),
                           180 + static_cast<int>(60 * std::sin(2 * CV_PI * i / kPictures)));
    ASSERT_TRUE((*loop)->Write(landscape(cv::Rect(corner, kCallSize)).clone()).ok());
  }
  ASSERT_TRUE((*loop)->Finish().ok());
  testbed::SceneOptions scene;
  scene.size = kCallSize;
  scene.frames = 110;
  scene.foreground.look = 0;
  scene.write_frames = false;
  scene.engine = "mediapipe";
  scene.wallpaper = path("short_loop.mkv");
  const auto truth = testbed::GenerateScene(scene, path("repeats"), nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  const auto room = media::ReadPicture(path("repeats/truth/room.png"));
  ASSERT_TRUE(room.ok());

  AuditOptions options;
  options.input = path("repeats/call.mp4");
  options.engine = "mediapipe";
  options.find = "none";
  const auto audited = RunAudit(options, nullptr, {});
  ASSERT_TRUE(audited.ok()) << audited.error().message;
  const AuditResult& result = *audited;
  ASSERT_TRUE(result.loop);
  EXPECT_NEAR(result.loop->period_s, kPictures / 25.0, 0.02);
  EXPECT_EQ(result.loop->pictures, kPictures);
  EXPECT_GT(result.loop->known_share, 0.4);
  ASSERT_FALSE(result.segments.empty());
  EXPECT_TRUE(result.segments[0].analysed) << result.verdict_sentence;
  EXPECT_THAT(result.segments[0].background_explanation, testing::HasSubstr("repeats every 1.0 s"));
  const Paint paint = PaintOf(result, *room);
  EXPECT_GT(paint.right, 1500);
  EXPECT_LT(paint.wrong, kCallSize.area() / 10);
}

}  // namespace
}  // namespace peekproof::audit
