// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// The sound of a recording in a video written from it: the same packets at the same distance from the
// picture.
#include "media/audio_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "media/test_clips.h"
#include "media/test_sound.h"

namespace peekproof::media {
namespace {

using test::RawPacket;
using test::RawStream;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr double kFrame = 0.04;

/// Two seconds of picture, and sound as the options say.
void MakeCall(const std::string& path, const test::SoundOptions& options) {
  const std::string silent = path + ".silent.mkv";
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(silent, {64, 48}, 50, {.codec = "mpeg4"}));
  ASSERT_NO_FATAL_FAILURE(test::AddSound(silent, path, options));
}

/// Reads and writes, as a program does that puts another background into a recording. stop_after: frames
/// until the user stops it.
Result<void> Convert(const std::string& from, const std::string& to, const ReaderOptions& options,
                     int stop_after = 1000) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto reader, VideoReader::Open(from, options));
  WriterOptions writing = OptionsLike(reader->info());
  writing.codec = to.ends_with(".webm") ? "libvpx-vp9" : "mpeg4";
  writing.audio = AudioOf(from, reader->info(), options);
  PEEKPROOF_ASSIGN_OR_RETURN(const auto writer, VideoWriter::Create(to, reader->info().size, writing));
  for (int i = 0; i < stop_after; ++i) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader->Advance());
    if (!more) {
      EXPECT_TRUE(writer->diagnostics().empty());
      return writer->Finish();
    }
    cv::Mat3b bgr;
    PEEKPROOF_RETURN_IF_ERROR(reader->Convert(&bgr));
    PEEKPROOF_RETURN_IF_ERROR(writer->WriteAt(bgr, reader->time_s() - reader->info().first_time_s));
  }
  return writer->FinishEarly();
}

const RawStream& Picture(const std::vector<RawStream>& streams) {
  return *std::find_if(streams.begin(), streams.end(), [](const RawStream& stream) { return !stream.audio; });
}

std::vector<RawStream> Sounds(const std::vector<RawStream>& streams) {
  std::vector<RawStream> sounds;
  std::copy_if(streams.begin(), streams.end(), std::back_inserter(sounds),
               [](const RawStream& stream) { return stream.audio; });
  return sounds;
}

double FirstTime(const RawStream& stream) {
  return std::min_element(stream.packets.begin(), stream.packets.end(),
                          [](const RawPacket& a, const RawPacket& b) { return a.time_s < b.time_s; })
      ->time_s;
}

/// That `out` holds the packets of `in` from `first` on, `count` of them, each as far from the picture's time
/// zero_s as before.
void ExpectSame(const RawStream& in, const RawStream& out, size_t first, size_t count, double zero_in_s,
                double zero_out_s, double tolerance_s) {
  ASSERT_EQ(out.packets.size(), count);
  ASSERT_LE(first + count, in.packets.size());
  EXPECT_EQ(out.codec, in.codec);
  for (size_t i = 0; i < count; ++i) {
    EXPECT_EQ(out.packets[i].bytes, in.packets[first + i].bytes) << i;
    EXPECT_NEAR(out.packets[i].time_s - zero_out_s, in.packets[first + i].time_s - zero_in_s, tolerance_s)
        << i;
  }
}

struct Route {
  std::string name;
  std::string encoder;
  std::string from;
  std::string to;
  double tolerance_s = 0.0006;
};
class SoundRouteTest : public testing::TestWithParam<std::tuple<Route, double, double>> {};

TEST_P(SoundRouteTest, KeepsPacketsAndOffset) {
  const auto& [route, sound_s, picture_s] = GetParam();
  if (!test::HasEncoder(route.encoder)) GTEST_SKIP() << "FFmpeg has no encoder " << route.encoder;
  if (route.to == ".webm" && !test::HasEncoder("libvpx-vp9")) GTEST_SKIP() << "no encoder libvpx-vp9";
  const TemporaryFolder folder;
  const std::string from = folder / ("in" + route.from);
  const std::string to = folder / ("out" + route.to);
  ASSERT_NO_FATAL_FAILURE(MakeCall(from, {.encoder = route.encoder,
                                          .offset_s = sound_s,
                                          .video_offset_s = picture_s,
                                          .duration_s = 2.3,
                                          .streams = 2}));
  const Result<void> converted = Convert(from, to, {});
  ASSERT_TRUE(converted.ok()) << converted.error().message;
  const std::vector<RawStream> in = test::ReadPackets(from);
  const std::vector<RawStream> out = test::ReadPackets(to);
  const std::vector<RawStream> in_sounds = Sounds(in);
  const std::vector<RawStream> out_sounds = Sounds(out);
  ASSERT_EQ(out_sounds.size(), 2U);
  EXPECT_EQ(Picture(out).packets.size(), 50U);
  for (size_t i = 0; i < 2; ++i) {
    ExpectSame(in_sounds[i], out_sounds[i], 0, in_sounds[i].packets.size(), FirstTime(Picture(in)),
               FirstTime(Picture(out)), route.tolerance_s);
    EXPECT_EQ(out_sounds[i].language, in_sounds[i].language);
  }
}

INSTANTIATE_TEST_SUITE_P(
    RoutesAndOffsets, SoundRouteTest,
    testing::Combine(testing::Values(Route{"aac_mp4_mp4", "aac", ".mp4", ".mp4", 0.0001},
                                     Route{"aac_mp4_mkv", "aac", ".mp4", ".mkv"},
                                     Route{"aac_mkv_mp4", "aac", ".mkv", ".mp4"},
                                     Route{"aac_mov_mov", "aac", ".mov", ".mov", 0.0001},
                                     Route{"aac_mkv_mkv", "aac", ".mkv", ".mkv"},
                                     Route{"opus_mkv_mkv", "libopus", ".mkv", ".mkv", 0.0011},
                                     Route{"opus_mkv_mp4", "libopus", ".mkv", ".mp4", 0.0011},
                                     Route{"opus_mkv_webm", "libopus", ".mkv", ".webm", 0.0011},
                                     Route{"pcm_mov_mkv", "pcm_s16le", ".mov", ".mkv"},
                                     Route{"flac_mkv_mkv", "flac", ".mkv", ".mkv"}),
                     testing::Values(0.0, 0.48), testing::Values(0.0, 0.6)),
    [](const auto& test_info) {
      return fmt::format("{}_sound{}_picture{}", std::get<0>(test_info.param).name,
                         std::llround(std::get<1>(test_info.param) * 1000),
                         std::llround(std::get<2>(test_info.param) * 1000));
    });

class SoundRangeTest : public testing::TestWithParam<std::string> {};

TEST_P(SoundRangeTest, HoldsTheSoundOfTheRangeOnly) {
  const TemporaryFolder folder;
  const std::string from = folder / ("in" + GetParam());
  const std::string to = folder / ("out" + GetParam());
  ASSERT_NO_FATAL_FAILURE(MakeCall(from, {.duration_s = 2.3}));
  const Result<void> converted = Convert(from, to, {.start_s = 0.5, .end_s = 1.21});
  ASSERT_TRUE(converted.ok()) << converted.error().message;
  const std::vector<RawStream> in = test::ReadPackets(from);
  const std::vector<RawStream> out = test::ReadPackets(to);
  const double origin_s = FirstTime(Picture(in));
  const RawStream sound = Sounds(in).at(0);
  // The first frame at or behind 0.5 s is number 13, at 0.52 s.
  const auto begins_before = [&](double time_s) {
    return static_cast<size_t>(
        std::count_if(sound.packets.begin(), sound.packets.end(),
                      [&](const RawPacket& packet) { return packet.time_s - origin_s < time_s; }));
  };
  const size_t first = begins_before(13 * kFrame);
  ASSERT_NO_FATAL_FAILURE(ExpectSame(sound, Sounds(out).at(0), first, begins_before(1.21) - first,
                                     origin_s + 13 * kFrame, FirstTime(Picture(out)), 0.0006));
  EXPECT_EQ(Picture(out).packets.size(), 18U);
  EXPECT_GT(first, 20U);
}

INSTANTIATE_TEST_SUITE_P(Containers, SoundRangeTest, testing::Values(".mp4", ".mkv"),
                         [](const auto& test_info) { return test_info.param.substr(1); });

TEST(AudioCopyTest, JumpsToAFarStart) {
  const TemporaryFolder folder;
  for (const std::string ending : {".mp4", ".mkv"}) {
    const std::string silent = folder / "silent.mkv";
    ASSERT_NO_FATAL_FAILURE(
        test::WriteNumberedClip(silent, {32, 32}, 100, {.codec = "mpeg4", .frame_rate = 10}));
    ASSERT_NO_FATAL_FAILURE(test::AddSound(silent, folder / "in" + ending, {.duration_s = 10}));
    ASSERT_TRUE(Convert(folder / "in" + ending, folder / "out" + ending, {.start_s = 8}).ok());
    const RawStream in = Sounds(test::ReadPackets(folder / "in" + ending)).at(0);
    const std::vector<RawStream> out = test::ReadPackets(folder / "out" + ending);
    const RawStream sound = Sounds(out).at(0);
    ASSERT_FALSE(sound.packets.empty());
    EXPECT_EQ(sound.packets.back().bytes, in.packets.back().bytes);
    const double begin_s = sound.packets.front().time_s - FirstTime(Picture(out));
    EXPECT_GE(begin_s, -0.0006);
    EXPECT_LT(begin_s, 0.022);
    EXPECT_NEAR(static_cast<double>(sound.packets.size()), 2.0 * 48000 / 1024, 2.5);
  }
}

TEST(AudioCopyTest, AStoppedVideoEndsWithItsSound) {
  const TemporaryFolder folder;
  for (const std::string ending : {".mp4", ".mkv"}) {
    ASSERT_NO_FATAL_FAILURE(MakeCall(folder / "in" + ending, {.duration_s = 2.3}));
    ASSERT_TRUE(Convert(folder / "in" + ending, folder / "out" + ending, {}, 20).ok());
    const test::Clip clip = test::ReadClip(folder / "out" + ending);
    EXPECT_EQ(clip.pictures.size(), 20U);
    EXPECT_TRUE(clip.info.has_audio);
    EXPECT_TRUE(clip.diagnostics.empty());
    const std::vector<RawStream> out = test::ReadPackets(folder / "out" + ending);
    const double end_s = Sounds(out).at(0).packets.back().time_s - FirstTime(Picture(out));
    EXPECT_LE(end_s, 19 * kFrame + 0.001);
    EXPECT_GT(end_s, 18 * kFrame);
  }
}

TEST(AudioCopyTest, SaysWhatAContainerDoesNotHold) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(MakeCall(folder / "pcm.mov", {.encoder = "pcm_s16le"}));
  for (const std::string name : {"out.mp4", "out.y4m", "out.gif", "out.ivf"}) {
    WriterOptions options{.codec = ""};
    options.audio = AudioRange{.path = folder / "pcm.mov"};
    const auto writer = VideoWriter::Create(folder / name, {64, 48}, options);
    ASSERT_FALSE(writer.ok()) << name;
    EXPECT_EQ(writer.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(writer.error().message, HasSubstr("pcm_s16le"));
    EXPECT_THAT(writer.error().message, HasSubstr(".mkv"));
    EXPECT_THAT(writer.error().message, HasSubstr("--drop-audio"));
    EXPECT_FALSE(std::filesystem::exists(folder / name));
  }
  if (!test::HasEncoder("libopus")) GTEST_SKIP() << "FFmpeg has no encoder libopus";
  ASSERT_NO_FATAL_FAILURE(MakeCall(folder / "opus.mkv", {.encoder = "libopus"}));
  for (const std::string name : {"out.mov", "out.avi"}) {
    const Result<void> converted = Convert(folder / "opus.mkv", folder / name, {});
    ASSERT_FALSE(converted.ok()) << name;
    EXPECT_THAT(converted.error().message, HasSubstr(".mkv"));
  }
}

TEST(AudioCopyTest, RefusesARecordingWithoutSound) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "in.mkv", {32, 32}, 2, {.codec = "mpeg4"}));
  EXPECT_EQ(AudioCopy::Open({.path = folder / "in.mkv"}).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(AudioCopy::Open({.path = folder / "none.mkv"}).error().code, ErrorCode::kNotFound);
  test::WriteText(folder / "text.mkv", "no video");
  EXPECT_FALSE(AudioCopy::Open({.path = folder / "text.mkv"}).ok());
}

TEST(AudioCopyTest, ATruncatedRecordingGivesTheSoundThatIsThere) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(MakeCall(folder / "in.mkv", {.duration_s = 2}));
  std::vector<uint8_t> bytes = test::ReadBytes(folder / "in.mkv");
  bytes.resize(bytes.size() * 6 / 10);
  test::WriteBytes(folder / "cut.mkv", bytes);
  auto reader = VideoReader::Open(folder / "cut.mkv", {});
  ASSERT_TRUE(reader.ok());
  WriterOptions options{.codec = "mpeg4"};
  options.audio = AudioOf(folder / "cut.mkv", (*reader)->info(), {});
  auto writer = VideoWriter::Create(folder / "out.mkv", (*reader)->info().size, options);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  ASSERT_TRUE((*writer)->Write(test::NumberedPicture({64, 48}, 0)).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  ASSERT_FALSE((*writer)->diagnostics().empty());
  EXPECT_THAT((*writer)->diagnostics().items()[0].message, HasSubstr("truncated"));
  const RawStream in = Sounds(test::ReadPackets(folder / "in.mkv")).at(0);
  const RawStream out = Sounds(test::ReadPackets(folder / "out.mkv")).at(0);
  ASSERT_GT(out.packets.size(), 20U);
  for (size_t i = 0; i < out.packets.size(); ++i) EXPECT_EQ(out.packets[i].bytes, in.packets[i].bytes);
}

}  // namespace
}  // namespace peekproof::media
