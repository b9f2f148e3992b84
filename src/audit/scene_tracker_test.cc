// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/scene_tracker.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "base/random.h"

namespace peekproof::audit {
namespace {

constexpr int kThumbnailWidth = 64;
constexpr int kThumbnailHeight = 36;
constexpr double kRate = 25.0;

// A picture of random blocks, different for each seed.
cv::Mat3b Background(uint64_t seed) {
  cv::Mat3b small(6, 8);
  RowRandom random(seed, 0, 0);
  for (cv::Vec3b& pixel : small) {
    for (int channel = 0; channel < 3; ++channel) pixel[channel] = static_cast<uchar>(random.Uniform(0, 256));
  }
  cv::Mat3b large;
  cv::resize(small, large, {kThumbnailWidth, kThumbnailHeight}, 0, 0, cv::INTER_CUBIC);
  return large;
}

cv::Mat3b WithCaller(const cv::Mat3b& background, double time_s) {
  cv::Mat3b picture = background.clone();
  const int x = 20 + static_cast<int>(6 * std::sin(2 * time_s));
  cv::rectangle(picture, {x, 8, 22, kThumbnailHeight}, {60, 40, 30}, cv::FILLED);
  cv::rectangle(picture, {x + 6, 8, 10, 12}, {120, 150, 200}, cv::FILLED);
  return picture;
}

class Recording {
 public:
  void Show(const cv::Mat3b& background, int frames) {
    for (int i = 0; i < frames; ++i, ++frame_) {
      const double time_s = static_cast<double>(frame_) / kRate;
      tracker.Add(WithCaller(background, time_s), frame_, time_s);
    }
  }
  SceneTracker tracker;

 private:
  int64_t frame_ = 0;
};

TEST(SceneTrackerTest, AMovingCallerIsNoCut) {
  Recording recording;
  recording.Show(Background(1), 200);
  ASSERT_EQ(recording.tracker.shots().size(), 1U);
  EXPECT_EQ(recording.tracker.shots()[0].end_frame, 200);
  EXPECT_GT(recording.tracker.scenes()[0].stability(), 0.6);
}

TEST(SceneTrackerTest, AGlitchReturnsToTheSameScene) {
  Recording recording;
  recording.Show(Background(1), 50);
  recording.Show(Background(2), 3);
  recording.Show(Background(1), 50);
  const auto& shots = recording.tracker.shots();
  ASSERT_EQ(shots.size(), 3U);
  EXPECT_EQ(shots[0].scene, shots[2].scene);
  EXPECT_NE(shots[0].scene, shots[1].scene);
  EXPECT_EQ(shots[1].first_frame, 50);
  EXPECT_EQ(shots[1].end_frame, 53);
}

TEST(SceneTrackerTest, AFadeEndsTheShot) {
  Recording recording;
  const cv::Mat3b from = Background(1);
  const cv::Mat3b to = Background(2);
  recording.Show(from, 50);
  for (int i = 1; i <= 25; ++i) {
    cv::Mat3b mixed;
    cv::addWeighted(from, 1.0 - i / 25.0, to, i / 25.0, 0.0, mixed);
    recording.Show(mixed, 1);
  }
  recording.Show(to, 75);
  EXPECT_GE(recording.tracker.shots().size(), 2U);
  EXPECT_NE(recording.tracker.shots().front().scene, recording.tracker.shots().back().scene);
}

TEST(SceneTrackerTest, ACameraThatMovesAndRestsIsSplit) {
  Recording recording;
  const cv::Mat3b wide = [] {
    cv::Mat3b result;
    cv::resize(Background(3), result, {kThumbnailWidth * 4, kThumbnailHeight}, 0, 0, cv::INTER_CUBIC);
    return result;
  }();
  recording.Show(wide(cv::Rect(0, 0, kThumbnailWidth, kThumbnailHeight)).clone(), 50);
  for (int x = 2; x <= 150; x += 2)
    recording.Show(wide(cv::Rect(x, 0, kThumbnailWidth, kThumbnailHeight)).clone(), 1);
  recording.Show(wide(cv::Rect(150, 0, kThumbnailWidth, kThumbnailHeight)).clone(), 100);
  EXPECT_GE(recording.tracker.shots().size(), 2U);
  EXPECT_NE(recording.tracker.shots().front().scene, recording.tracker.shots().back().scene);
  EXPECT_GE(recording.tracker.shots().back().end_frame - recording.tracker.shots().back().first_frame, 60);
}

TEST(SceneTrackerTest, SceneAndShotNumbersAreBounded) {
  Recording recording;
  for (uint64_t seed = 0; seed < 200; ++seed) recording.Show(Background(seed + 10), 2);
  EXPECT_LE(recording.tracker.scenes().size(), static_cast<size_t>(SceneTracker::kMaxScenes));
}

TEST(AgreeingShareTest, CountsPixelsWithinTolerance) {
  const cv::Mat3b a(1, 4, cv::Vec3b(100, 100, 100));
  cv::Mat3b b = a.clone();
  b(0, 0) = {100, 110, 100};
  b(0, 1) = {100, 111, 100};
  EXPECT_DOUBLE_EQ(AgreeingShare(a, b, 10), 0.75);
}

}  // namespace
}  // namespace peekproof::audit
