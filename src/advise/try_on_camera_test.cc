// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/try_on_camera.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "advise/call_case.h"
#include "media/picture.h"
#include "media/test_clips.h"
#include "models/segmenter.h"
#include "testbed/studio.h"

namespace peekproof::advise {
namespace {

using ::testing::HasSubstr;

constexpr int kCameraFrames = 12;

/// A drawn caller, filmed, and a picture of the empty room.
class TryOnCameraTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto segmenter = models::MakeSegmenter("landscape");
    if (!segmenter.ok()) GTEST_SKIP() << segmenter.error().message;
    Film();
  }

  void Film() {
    testbed::SceneOptions scene = SceneOf(CallCases()[4], {320, 180}, 25, kCameraFrames);
    scene.foreground.render_height_px = 180;
    auto studio = testbed::Studio::Create(scene);
    ASSERT_TRUE(studio.ok());
    std::vector<cv::Mat3b> pictures(kCameraFrames);
    image::AlphaMask caller;
    cv::Mat footage;
    for (int i = 0; i < kCameraFrames; ++i) {
      ASSERT_TRUE(studio->Fetch(i, &footage).ok());
      studio->Shoot(i, footage, &pictures[static_cast<size_t>(i)], &caller);
    }
    media::WriterOptions writer;
    writer.codec = "ffv1";
    writer.crf = 0;
    clip_.camera = folder_ / "camera.mkv";
    media::test::WriteClip(clip_.camera, pictures, writer);
    plate_ = folder_ / "plate.png";
    ASSERT_TRUE(media::WritePng(plate_, studio->true_room()).ok());
  }

  static std::vector<audit::Remedy> Remedies() {
    auto remedies = audit::RemediesFor("mediapipe", {"guard"});
    EXPECT_TRUE(remedies.ok());
    return *remedies;
  }

  Result<TrialResults> Try(const std::stop_token& stop = {}) {
    return TryOnCamera(clip_, Remedies(), nullptr, stop, &diagnostics_);
  }

  media::test::TemporaryFolder folder_;
  CameraClip clip_;
  std::string plate_;
  Diagnostics diagnostics_;
};

TEST_F(TryOnCameraTest, TriesEachSettingOnTheClip) {
  clip_.plate = plate_;
  const auto results = Try();
  ASSERT_TRUE(results.ok()) << results.error().message;
  EXPECT_EQ(results->frames, kCameraFrames);
  ASSERT_EQ(results->settings.size(), 3U);
  for (const SettingResult& result : results->settings) {
    EXPECT_GE(result.leak, 0);
    EXPECT_LE(result.leak, 1);
    EXPECT_FALSE(result.lost.has_value()) << "there is no truth";
    EXPECT_GT(result.ms, 0);
  }
  EXPECT_EQ(results->settings[0].closed, 0);
  EXPECT_GT(results->settings[2].closed, 0) << "the guard starts closed";
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(TryOnCameraTest, LeavesSetUpOutWithoutAPlate) {
  const auto results = Try();
  ASSERT_TRUE(results.ok());
  ASSERT_EQ(results->settings.size(), 2U);
  EXPECT_EQ(results->settings[1].remedy.setting, "guard");
}

TEST_F(TryOnCameraTest, TakesNoMoreFramesThanAskedFor) {
  clip_.most_frames = 8;
  const auto results = Try();
  ASSERT_TRUE(results.ok());
  EXPECT_EQ(results->frames, 8);
}

TEST_F(TryOnCameraTest, AStopBeforeTheFirstSettingIsAnError) {
  std::stop_source stop;
  stop.request_stop();
  const auto results = Try(stop.get_token());
  ASSERT_FALSE(results.ok());
  EXPECT_EQ(results.error().code, ErrorCode::kInterrupted);
}

/// Asks for a stop within the second setting.
class StopInTheSecond : public ProgressSink {
 public:
  void Report(std::string_view /*stage*/, int64_t done, int64_t /*total*/) override {
    if (done > kCameraFrames + 3) stop.request_stop();
  }
  std::stop_source stop;
};

TEST_F(TryOnCameraTest, AStopKeepsTheFinishedSettings) {
  StopInTheSecond watcher;
  const auto results = TryOnCamera(clip_, Remedies(), &watcher, watcher.stop.get_token(), &diagnostics_);
  ASSERT_TRUE(results.ok());
  EXPECT_TRUE(results->interrupted);
  ASSERT_EQ(results->settings.size(), 1U);
  EXPECT_EQ(results->settings[0].remedy.setting, audit::kAsItIs);
}

TEST_F(TryOnCameraTest, NamesAClipThatIsNotThere) {
  clip_.camera = folder_ / "gone.mkv";
  const auto results = Try();
  ASSERT_FALSE(results.ok());
  EXPECT_EQ(results.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(results.error().message, HasSubstr("gone.mkv"));
}

TEST_F(TryOnCameraTest, RefusesAPlateOfAnotherSize) {
  clip_.plate = folder_ / "small.png";
  ASSERT_TRUE(media::WritePng(clip_.plate, cv::Mat3b(90, 160, cv::Vec3b(1, 2, 3))).ok());
  const auto results = Try();
  ASSERT_FALSE(results.ok());
  EXPECT_THAT(results.error().message, HasSubstr("160x90"));
}

}  // namespace
}  // namespace peekproof::advise
