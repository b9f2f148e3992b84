// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a user gets for a recording that is none, or a damaged one: one line that names the file, the reason
// and what to do; never a crash, and never exit code 0.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "media/video_writer.h"
#include "program.h"

namespace peekproof::e2e {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// A clip of a disc that wanders over grey stripes; nobody is in it.
void WriteClip(const std::string& path, cv::Size size, int frames) {
  auto writer = media::VideoWriter::Create(path, size, {});
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (int i = 0; i < frames; ++i) {
    cv::Mat3b bgr(size);
    for (int x = 0; x < size.width; ++x) bgr.col(x).setTo(cv::Scalar::all(60 + 100 * (x / 16 % 2)));
    cv::circle(bgr, {20 + 2 * i, size.height / 2}, 15, {40, 80, 220}, cv::FILLED);
    ASSERT_TRUE((*writer)->Write(bgr).ok());
  }
  ASSERT_TRUE((*writer)->Finish().ok());
}

/// One second of silence: RIFF header, 8 kHz, mono, 16 bits.
std::string SilentWav() {
  const auto little = [](uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
    return text;
  };
  const std::string samples(16000, '\0');
  return "RIFF" + little(36 + 16000, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) +
         little(8000, 4) + little(16000, 4) + little(2, 2) + little(16, 2) + "data" + little(16000, 4) +
         samples;
}

/// Audits `path`, expects failure with one line that ends with the file's name, and returns the line.
std::string FailureOf(const std::string& path, const std::vector<std::string>& options = {}) {
  const TemporaryFolder folder;
  std::vector<std::string> words = {"audit", path, "-o", folder / "report"};
  words.insert(words.end(), options.begin(), options.end());
  const Outcome outcome = RunPeekproof(words);
  EXPECT_EQ(outcome.exit_code, kFailed) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, StartsWith("peekproof: error: "));
  EXPECT_FALSE(std::filesystem::exists(folder / "report/report.html"));
  return outcome.err;
}

TEST(BadInput, MissingFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(FailureOf(folder / "gone.mp4"), AllOf(HasSubstr("gone.mp4"), HasSubstr("no such file")));
}

TEST(BadInput, Directory) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder.mp4");
  EXPECT_THAT(FailureOf(folder / "folder.mp4"), HasSubstr("folder.mp4"));
}

TEST(BadInput, TextFile) {
  const TemporaryFolder folder;
  WriteFile(folder / "notes.mp4", "Dear diary,\nthis is no video.\n");
  EXPECT_THAT(FailureOf(folder / "notes.mp4"), HasSubstr("notes.mp4"));
}

TEST(BadInput, EmptyFile) {
  const TemporaryFolder folder;
  WriteFile(folder / "empty.mp4", "");
  EXPECT_THAT(FailureOf(folder / "empty.mp4"), AllOf(HasSubstr("empty.mp4"), HasSubstr("empty")));
}

TEST(BadInput, SoundOnly) {
  const TemporaryFolder folder;
  WriteFile(folder / "silence.wav", SilentWav());
  EXPECT_THAT(FailureOf(folder / "silence.wav"), AllOf(HasSubstr("silence.wav"), HasSubstr("video")));
}

TEST(BadInput, AbsurdSize) {
  const TemporaryFolder folder;
  WriteFile(folder / "huge.y4m", "YUV4MPEG2 W70000 H70000 F25:1 Ip A1:1 C420jpeg\nFRAME\n0123456789");
  EXPECT_THAT(FailureOf(folder / "huge.y4m"), HasSubstr("huge.y4m"));
}

TEST(BadInput, NoFrames) {
  const TemporaryFolder folder;
  WriteFile(folder / "bare.y4m", "YUV4MPEG2 W320 H180 F25:1 Ip A1:1 C420jpeg\n");
  EXPECT_THAT(FailureOf(folder / "bare.y4m"), HasSubstr("bare.y4m"));
}

TEST(BadInput, IndexCutOff) {
  const TemporaryFolder folder;
  WriteClip(folder / "whole.mp4", {320, 180}, 60);
  const std::string bytes = ReadFile(folder / "whole.mp4");
  WriteFile(folder / "cut.mp4", bytes.substr(0, bytes.size() / 2));  // the index of an MP4 is at its end
  EXPECT_THAT(FailureOf(folder / "cut.mp4"), HasSubstr("cut.mp4"));
}

TEST(BadInput, CropOutsideOfThePicture) {
  const TemporaryFolder folder;
  WriteClip(folder / "clip.mp4", {320, 180}, 10);
  const Outcome outcome =
      RunPeekproof({"audit", folder / "clip.mp4", "-o", folder / "report", "--crop", "320x180+8+0"});
  EXPECT_THAT(outcome.exit_code, ::testing::AnyOf(kFailed, kUsage));
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("crop"));
}

TEST(BadInput, ModelThatIsNotThere) {
  const TemporaryFolder folder;
  WriteClip(folder / "clip.mp4", {320, 180}, 10);
  EXPECT_THAT(FailureOf(folder / "clip.mp4", {"--model", folder / "gone.tflite"}), HasSubstr("gone.tflite"));
}

TEST(BadInput, ModelThatIsNone) {
  const TemporaryFolder folder;
  WriteClip(folder / "clip.mp4", {320, 180}, 10);
  WriteFile(folder / "notes.tflite", "this is no model, but it is long enough to be taken for one");
  EXPECT_THAT(FailureOf(folder / "clip.mp4", {"--model", folder / "notes.tflite"}),
              HasSubstr("notes.tflite"));
}

TEST(BadInput, WallpaperThatIsNone) {
  const TemporaryFolder folder;
  WriteClip(folder / "clip.mp4", {320, 180}, 10);
  WriteFile(folder / "notes.png", "no picture");
  EXPECT_THAT(FailureOf(folder / "clip.mp4", {"--wallpaper", folder / "notes.png"}), HasSubstr("notes.png"));
}

TEST(BadInput, UnknownEngineNamesTheKnownOnes) {
  const TemporaryFolder folder;
  WriteClip(folder / "clip.mp4", {320, 180}, 10);
  const Outcome outcome =
      RunPeekproof({"audit", folder / "clip.mp4", "-o", folder / "report", "--engine", "zorro"});
  EXPECT_EQ(outcome.exit_code, kUsage) << outcome.err;
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("zorro"), HasSubstr("mediapipe")));
}

TEST(BadOutput, AFileInTheWay) {
  const TemporaryFolder folder;
  WriteClip(folder / "clip.mp4", {320, 180}, 10);
  WriteFile(folder / "report", "in the way");
  const Outcome outcome = RunPeekproof({"audit", folder / "clip.mp4", "-o", folder / "report"});
  EXPECT_THAT(outcome.exit_code, ::testing::AnyOf(kFailed, kUsage)) << outcome.err;
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_EQ(ReadFile(folder / "report"), "in the way");
}

TEST(DamagedInput, IsAuditedAsFarAsItDecodes) {
  const TemporaryFolder folder;
  WriteClip(folder / "whole.mkv", {320, 180}, 100);
  const std::string bytes = ReadFile(folder / "whole.mkv");
  WriteFile(folder / "cut.mkv", bytes.substr(0, bytes.size() * 6 / 10));
  const Outcome outcome = RunPeekproof({"audit", folder / "cut.mkv", "-o", folder / "report"});
  EXPECT_EQ(outcome.exit_code, kPartial) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("partial"));
  EXPECT_THAT(ReadFile(folder / "report/result.json"), HasSubstr("\"complete\": false"));
  EXPECT_TRUE(std::filesystem::exists(folder / "report/report.html"));
}

}  // namespace
}  // namespace peekproof::e2e
