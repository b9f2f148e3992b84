// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// `peekproof apply`: what becomes of sound, times, colour tags and files, and what a user is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "media/test_clips.h"
#include "media/test_sound.h"
#include "program.h"

namespace peekproof::e2e {
namespace {

namespace fs = std::filesystem;
using media::test::Clip;
using media::test::RawPacket;
using media::test::RawStream;
using media::test::ReadClip;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const cv::Size kSize(320, 180);

/// Runs `peekproof apply` on a folder's in.mkv, onto green, so that nothing but the network is needed.
class Apply : public ::testing::Test {
 protected:
  Outcome Run(const std::vector<std::string>& more, const RunOptions& options = {}) const {
    std::vector<std::string> words = {"apply", input_, "-o", output_, "--background", "#00ff00"};
    words.insert(words.end(), more.begin(), more.end());
    return RunPeekproof(words, options);
  }

  void MakeInput(int frames) const { media::test::WriteNumberedClip(input_, kSize, frames, {}); }

  const TemporaryFolder folder_;
  const std::string input_ = folder_ / "in.mkv";
  const std::string output_ = folder_ / "out.mkv";
};

/// The packets of a file's only sound stream.
std::vector<RawPacket> SoundOf(const std::string& path) {
  std::vector<RawPacket> packets;
  for (const RawStream& stream : media::test::ReadPackets(path)) {
    if (stream.audio) packets.insert(packets.end(), stream.packets.begin(), stream.packets.end());
  }
  return packets;
}

TEST_F(Apply, KeepsSoundTimesAndColourTagsAndWritesTheAlpha) {
  media::WriterOptions writer;
  writer.bt709 = false;
  writer.full_range = true;
  writer.frame_rate = 20;
  media::test::WriteNumberedClip(folder_ / "silent.mkv", kSize, 20, writer);
  media::test::AddSound(folder_ / "silent.mkv", input_, {});
  const Outcome outcome = Run({"--alpha-out", folder_ / "alpha.mkv"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("20 frames through meet"), HasSubstr("with sound")));

  const Clip in = ReadClip(input_);
  const Clip out = ReadClip(output_);
  EXPECT_EQ(out.info.colour, in.info.colour);
  EXPECT_EQ(out.info.size, kSize);
  EXPECT_EQ(out.pictures.size(), 20U);
  EXPECT_EQ(out.times, in.times);
  const std::vector<RawPacket> sound = SoundOf(input_);
  const std::vector<RawPacket> kept = SoundOf(output_);
  ASSERT_GT(sound.size(), 10U);
  ASSERT_EQ(kept.size(), sound.size());
  for (size_t i = 0; i < sound.size(); ++i) {
    EXPECT_EQ(kept[i].bytes, sound[i].bytes);
    EXPECT_NEAR(kept[i].time_s, sound[i].time_s, 0.0015);
  }
  const Clip alpha = ReadClip(folder_ / "alpha.mkv");
  EXPECT_EQ(alpha.info.grey_bits, 8);
  EXPECT_EQ(alpha.info.size, kSize);
  EXPECT_EQ(alpha.times, in.times);
}

TEST_F(Apply, InterruptedLeavesAPlayableFile) {
  media::WriterOptions writer;
  writer.preset = "ultrafast";
  constexpr int kFrames = 500;
  media::test::WriteNumberedClip(input_, {640, 360}, kFrames, writer);
  // A slow build may be stopped before its first frame, which leaves nothing: then later.
  Outcome outcome;
  for (RunOptions options{.interrupt_after_cpu_s = 0.6}; options.interrupt_after_cpu_s < 20;
       options.interrupt_after_cpu_s *= 2) {
    outcome = Run({"--threads", "1"}, options);
    if (outcome.exit_code != kFailed) break;
    EXPECT_FALSE(std::filesystem::exists(output_));
  }
  EXPECT_EQ(outcome.exit_code, kPartial) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("will be playable"));
  EXPECT_THAT(outcome.out, HasSubstr("interrupted"));
  const Clip out = ReadClip(output_);
  EXPECT_FALSE(out.error);
  EXPECT_TRUE(out.diagnostics.empty());
  EXPECT_GT(out.pictures.size(), 0U);
  EXPECT_LT(out.pictures.size(), static_cast<size_t>(kFrames));
  EXPECT_THAT(outcome.out, StartsWith(std::to_string(out.pictures.size()) + " frame"));
}

TEST_F(Apply, ReplacesAFileOnlyByForce) {
  MakeInput(3);
  WriteFile(output_, "keep");
  const Outcome refused = Run({});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_EQ(CountLines(refused.err), 1) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("out.mkv"), HasSubstr("exists"), HasSubstr("--force")));
  EXPECT_EQ(ReadFile(output_), "keep");
  EXPECT_EQ(Run({"--force"}).exit_code, kComplete);
  EXPECT_EQ(ReadClip(output_).pictures.size(), 3U);
}

TEST_F(Apply, NeverWritesOverItsInput) {
  MakeInput(3);
  const std::string before = ReadFile(input_);
  const Outcome outcome = RunPeekproof({"apply", input_, "-o", input_, "--force"});
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_TRUE(ReadFile(input_) == before);
}

TEST_F(Apply, ADamagedInputIsPartial) {
  MakeInput(60);
  const std::string bytes = ReadFile(input_);
  WriteFile(input_, bytes.substr(0, bytes.size() * 6 / 10));
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.exit_code, kPartial) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("truncated"));
  const size_t frames = ReadClip(output_).pictures.size();
  EXPECT_GT(frames, 5U);
  EXPECT_LT(frames, 60U);
}

TEST_F(Apply, JsonSaysWhatBecameOfTheFrames) {
  MakeInput(6);
  const Outcome outcome = Run({"--json", "--engine", "mediapipe(fail_from=2,fail_frames=1,on_failure=raw)"});
  EXPECT_EQ(outcome.exit_code, kPartial) << "a failing network";
  const auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << outcome.out;
  EXPECT_EQ(json.at("output"), output_);
  EXPECT_EQ(json.at("background"), "#00ff00");
  EXPECT_EQ(json.at("frames"), 6);
  EXPECT_EQ(json.at("shown"),
            nlohmann::json({{"composed", 5}, {"background_only", 0}, {"raw", 1}, {"frozen", 0}}));
  EXPECT_EQ(json.at("failures"), 1);
  EXPECT_THAT(json.at("first_failure"), Not(IsEmpty()));
  EXPECT_EQ(json.at("oldest_mask_frames"), 0);
  EXPECT_GE(json.at("caller_share"), 0.0);
  EXPECT_LE(json.at("caller_share"), 1.0);
  EXPECT_FALSE(json.at("audio"));
  EXPECT_FALSE(json.at("complete"));
  EXPECT_FALSE(json.at("interrupted"));
}

TEST_F(Apply, QuietSaysNothing) {
  MakeInput(3);
  const Outcome outcome = Run({"--quiet"});
  EXPECT_EQ(outcome.exit_code, kComplete);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, IsEmpty());
}

/// What is wrong with a call of apply in a folder that holds in.mkv, notes.mp4 (text) and folder.mp4.
struct Mistake {
  std::string input = "in.mkv";
  std::string output = "out.mkv";
  std::vector<std::string> options = {};
  int exit_code = kFailed;
  std::vector<std::string> said = {};  ///< What the line has to name: what, why, what to do.
};

TEST_F(Apply, MistakesGetOneLineAndNoFile) {
  MakeInput(3);
  WriteFile(folder_ / "notes.mp4", "Dear diary,\nthis is no video.\n");
  WriteFile(folder_ / "notes.png", "no picture");
  fs::create_directory(folder_ / "folder.mp4");
  const std::vector<Mistake> mistakes = {
      {.input = "gone.mp4", .said = {"gone.mp4", "no such file"}},
      {.input = "folder.mp4", .said = {"folder.mp4", "is a directory", "name a video in it"}},
      {.input = "notes.mp4", .said = {"notes.mp4"}},
      {.options = {"--engine", "zorro"},
       .exit_code = kUsage,
       .said = {"zorro", "known engines are", "mediapipe"}},
      {.options = {"--engine", "meet(wrap=7)"}, .exit_code = kUsage, .said = {"wrap", "0 to 1"}},
      {.options = {"--background", "fog"}, .exit_code = kUsage, .said = {"fog", "gaussian"}},
      {.options = {"--background", "#12"}, .exit_code = kUsage, .said = {"#12", "#rrggbb"}},
      {.options = {"--background", folder_ / "gone.jpg"}, .said = {"gone.jpg", "no such file"}},
      {.options = {"--background", folder_ / "notes.png"}, .said = {"notes.png", "picture"}},
      {.options = {"--codec", "h265000"}, .said = {"h265000", "choose another"}},
      {.options = {"--model", folder_ / "gone.tflite"}, .said = {"gone.tflite", "check the name"}},
      {.options = {"--crop", "320x180+8+0"}, .said = {"crop", "320x180"}},
      {.options = {"--start", "9"}, .exit_code = kUsage, .said = {"in.mkv"}},
      {.options = {"--alpha-out", folder_ / "out.mkv"},
       .exit_code = kUsage,
       .said = {"out.mkv", "another name"}},
      {.options = {"--alpha-out", folder_ / "alpha.mp4"}, .said = {"alpha.mp4", ".mkv"}},
      {.output = "nowhere/out.mkv", .said = {"nowhere/out.mkv", "folder"}},
      {.output = "folder.mp4", .exit_code = kUsage, .said = {"folder.mp4", "give a file name"}},
      {.output = "out.docx", .said = {"out.docx", "mp4"}},
  };
  for (const Mistake& mistake : mistakes) {
    const std::string output = folder_ / mistake.output;
    std::vector<std::string> words = {"apply", folder_ / mistake.input, "-o", output};
    words.insert(words.end(), mistake.options.begin(), mistake.options.end());
    const Outcome outcome = RunPeekproof(words);
    EXPECT_EQ(outcome.exit_code, mistake.exit_code) << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, StartsWith("peekproof: error: "));
    EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
    for (const std::string& part : mistake.said) EXPECT_THAT(outcome.err, HasSubstr(part));
    EXPECT_FALSE(fs::is_regular_file(output)) << outcome.err;
  }
}

}  // namespace
}  // namespace peekproof::e2e
