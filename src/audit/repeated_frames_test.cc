// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>

#include "audit/audit.h"
#include "base/temporary_folder.h"
#include "media/video_reader.h"
#include "media/video_writer.h"
#include "models/segmenter.h"
#include "testbed/scene.h"

namespace peekproof::audit {
namespace {

constexpr int kHeldCallFrames = 40;
constexpr int kFirstRaw = 25;
constexpr int kRawFrames = 8;
constexpr int kHeld = 30;
constexpr int kAllFrames = kHeldCallFrames - 1 + kHeld;  // Without the raw ones.

// A third of the picture shows something else than the wallpaper.
cv::Mat3b PartlyRaw(const cv::Mat3b& frame) {
  cv::Mat3b raw = frame.clone();
  cv::Mat third = raw.colRange(0, raw.cols / 3);
  cv::bitwise_not(third, third);
  return raw;
}

// Writes a call again: its frame kFirstRaw partly raw and several times, and holding its last one.
void WriteHeld(const std::string& call, const std::string& held) {
  auto reader = media::VideoReader::Open(call, {});
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  auto writer = media::VideoWriter::Create(held, (*reader)->info().size, {.codec = "ffv1"});
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  cv::Mat3b frame;
  for (int i = 0; i < kHeldCallFrames; ++i) {
    const auto more = (*reader)->Advance();
    ASSERT_TRUE(more.ok() && *more);
    ASSERT_TRUE((*reader)->Convert(&frame).ok());
    for (int raw = 0; i == kFirstRaw && raw < kRawFrames; ++raw)
      ASSERT_TRUE((*writer)->Write(PartlyRaw(frame)).ok());
    for (int copy = 0; copy < (i == kHeldCallFrames - 1 ? kHeld : 1); ++copy)
      ASSERT_TRUE((*writer)->Write(frame).ok());
  }
  ASSERT_TRUE((*writer)->Finish().ok());
}

AuditResult Audited(const std::string& video, bool every_frame, int threads, const char* attack = "unmix") {
  AuditOptions options;
  options.input = video;
  options.engine = "mediapipe";
  options.find = "none";
  options.every_frame = every_frame;
  options.attack = attack;
  options.threads = threads;
  auto result = RunAudit(options, nullptr, {});
  EXPECT_TRUE(result.ok());
  return result.ok() ? *result : AuditResult();
}

TEST(RepeatedFramesTest, AreNotAttackedButCounted) {
  if (!models::MakeSegmenter("landscape").ok() || !models::MakeSegmenter("selfie").ok())
    GTEST_SKIP() << "the models are not installed: run `make setup`";
  const auto folder = TemporaryFolder::Make();
  ASSERT_TRUE(folder.ok()) << folder.error().message;
  testbed::SceneOptions scene;
  scene.size = {640, 360};
  scene.frames = kHeldCallFrames;
  scene.foreground.look = 0;
  scene.write_frames = false;
  scene.engine = "mediapipe";
  const auto truth = testbed::GenerateScene(scene, **folder / "call", nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  const std::string held = **folder / "held.mkv";
  WriteHeld(**folder / "call/call.mp4", held);

  const AuditResult all = Audited(held, true, 2);
  const AuditResult skimmed = Audited(held, false, 2);
  for (const AuditResult* result : {&all, &skimmed}) {
    ASSERT_EQ(result->segments.size(), 1U);
    EXPECT_EQ(result->segments[0].frames, kAllFrames + kRawFrames);
    ASSERT_EQ(result->raw.size(), 1U);
    EXPECT_EQ(result->raw[0].first_frame, kFirstRaw);
    EXPECT_EQ(result->raw[0].frames, kRawFrames);
  }
  EXPECT_EQ(skimmed.timeline.size(), all.timeline.size());
  EXPECT_EQ(all.segments[0].attacked_frames, kAllFrames);
  EXPECT_LE(skimmed.segments[0].attacked_frames, kHeldCallFrames + 4);
  EXPECT_GE(skimmed.segments[0].attacked_frames, kHeldCallFrames / 2);
  const AuditResult live = Audited(held, false, 2, "unmix(live=yes)");
  EXPECT_EQ(live.segments.at(0).attacked_frames, kAllFrames);
  const AuditResult alone = Audited(held, false, 1);
  EXPECT_EQ(alone.segments[0].attacked_frames, skimmed.segments[0].attacked_frames);
  EXPECT_DOUBLE_EQ(alone.segments[0].expected_correct_share, skimmed.segments[0].expected_correct_share);
}

}  // namespace
}  // namespace peekproof::audit
