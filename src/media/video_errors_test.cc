// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Files that are not what they should be: each gets a one-line error or a diagnostic, never a silent success.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::Clip;
using test::ReadClip;
using test::TemporaryFolder;
using testing::HasSubstr;

/// The error of a file that must not open, checked for the form of every message.
Error OpeningError(const std::string& path, const ReaderOptions& options = {}) {
  const Clip clip = ReadClip(path, options);
  EXPECT_TRUE(clip.error) << path << " was read: " << clip.pictures.size() << " frames";
  if (!clip.error) return {};
  EXPECT_THAT(clip.error->message, testing::EndsWith(": " + path));
  EXPECT_THAT(clip.error->message, testing::Not(HasSubstr("\n")));
  EXPECT_TRUE(clip.pictures.empty());
  return *clip.error;
}

TEST(OpeningTest, MissingFile) {
  const TemporaryFolder folder;
  const Error error = OpeningError(folder / "none.mp4");
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr("no such file"));
  EXPECT_EQ(OpeningError(folder / "shot_%04d.png").code, ErrorCode::kNotFound);
  EXPECT_EQ(OpeningError(folder / "none/shot_%04d.png").code, ErrorCode::kNotFound);
}

TEST(OpeningTest, Directory) {
  const TemporaryFolder folder;
  const Error error = OpeningError(folder.path().string());
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("directory"));
}

TEST(OpeningTest, PipeDoesNotHang) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe.mp4").c_str(), 0600), 0);
  EXPECT_EQ(OpeningError(folder / "pipe.mp4").code, ErrorCode::kUnsupported);
  ASSERT_EQ(mkfifo((folder / "shot_1.png").c_str(), 0600), 0);
  EXPECT_EQ(OpeningError(folder / "shot_%d.png").code, ErrorCode::kCorruptData);
}

TEST(OpeningTest, NoPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may read everything";
  const TemporaryFolder folder;
  test::WriteText(folder / "clip.mp4", "secret");
  ASSERT_EQ(chmod((folder / "clip.mp4").c_str(), 0), 0);
  EXPECT_EQ(OpeningError(folder / "clip.mp4").code, ErrorCode::kIo);
}

TEST(OpeningTest, EmptyFile) {
  const TemporaryFolder folder;
  test::WriteText(folder / "empty.mp4", "");
  const Error error = OpeningError(folder / "empty.mp4");
  EXPECT_EQ(error.code, ErrorCode::kCorruptData);
  EXPECT_THAT(error.message, HasSubstr("empty"));
}

TEST(OpeningTest, TextFile) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 400; ++i) text += "Meeting notes, line " + std::to_string(i) + "\n";
  for (const std::string& content : {std::string("hello\n"), text}) {
    for (const std::string name : {"notes.txt", "notes.mp4", "notes.nfo"}) {
      test::WriteText(folder / name, content);
      const Error error = OpeningError(folder / name);
      EXPECT_EQ(error.code, ErrorCode::kUnsupported);
      EXPECT_THAT(error.message, HasSubstr("not a video"));
    }
  }
}

TEST(OpeningTest, AudioOnly) {
  const TemporaryFolder folder;
  std::string wav(
      "RIFF\x24\x10\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\x10\0\0", 44);
  wav.resize(44 + 4096, '\0');
  test::WriteText(folder / "sound.wav", wav);
  const Error error = OpeningError(folder / "sound.wav");
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("no video stream, only sound"));
}

TEST(OpeningTest, ZeroFrames) {
  const TemporaryFolder folder;
  test::WriteText(folder / "none.y4m", "YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420jpeg\n");
  EXPECT_EQ(OpeningError(folder / "none.y4m").code, ErrorCode::kCorruptData);
  for (const std::string name : {"none.mp4", "none.mkv"}) {
    auto writer = VideoWriter::Create(folder / name, {64, 48}, {.codec = "mpeg4"});
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    ASSERT_TRUE((*writer)->Finish().ok());
    const Error error = OpeningError(folder / name);
    EXPECT_TRUE(error.code == ErrorCode::kCorruptData || error.code == ErrorCode::kUnsupported)
        << error.message;
  }
}

TEST(OpeningTest, AbsurdSize) {
  const TemporaryFolder folder;
  test::WriteText(folder / "huge.y4m", "YUV4MPEG2 W60000 H60000 F25:1 Ip A1:1 C420jpeg\nFRAME\nabc");
  const Error error = OpeningError(folder / "huge.y4m");
  EXPECT_EQ(error.code, ErrorCode::kUnsupported) << error.message;
  EXPECT_THAT(error.message, HasSubstr("60000x60000"));
  for (const std::string name : {"large.mp4", "large.webm", "large.ts", "large.y4m"}) {
    const std::string codec = name == "large.webm"  ? "libvpx-vp9"
                              : name == "large.y4m" ? "rawvideo"
                                                    : "libx264";
    if (!test::HasEncoder(codec)) continue;
    ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / name, {128, 96}, 30, {.codec = codec}));
    const Error refused = OpeningError(folder / name, {.max_pixels = 128 * 96 - 1});
    EXPECT_EQ(refused.code, ErrorCode::kUnsupported) << refused.message;
    EXPECT_FALSE(ReadClip(folder / name, {.max_pixels = 128 * 96}).error);
  }
}

TEST(OpeningTest, Mp4WithoutIndex) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "clip.mp4", {64, 64}, 50, {.codec = "mpeg4"}));
  const std::vector<uint8_t> bytes = test::ReadBytes(folder / "clip.mp4");
  test::WriteBytes(folder / "cut.mp4", std::span(bytes).first(bytes.size() / 2));
  const Error error = OpeningError(folder / "cut.mp4");
  EXPECT_EQ(error.code, ErrorCode::kCorruptData);
  EXPECT_THAT(error.message, HasSubstr("no index (moov)"));
  // Cut within the index.
  test::WriteBytes(folder / "cut.mp4", std::span(bytes).first(bytes.size() - 500));
  EXPECT_EQ(OpeningError(folder / "cut.mp4").code, ErrorCode::kCorruptData);
}

TEST(OpeningTest, CutWithinTheFirstPicture) {
  const TemporaryFolder folder;
  cv::Mat3b noise(128, 128);
  cv::RNG random(5);
  random.fill(noise, cv::RNG::UNIFORM, 0, 256);
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "clip.mkv", {noise}, {.codec = "ffv1"}));
  const std::vector<uint8_t> bytes = test::ReadBytes(folder / "clip.mkv");
  for (const size_t divisor : {8, 4, 2}) {
    test::WriteBytes(folder / "cut.mkv", std::span(bytes).first(bytes.size() / divisor));
    const Error error = OpeningError(folder / "cut.mkv");
    EXPECT_EQ(error.code, ErrorCode::kCorruptData);
    EXPECT_THAT(error.message, HasSubstr("truncated"));
  }
}

/// Playlists and scripts that would make FFmpeg open something else.
TEST(HostileTest, NoOtherFileIsOpened) {
  const TemporaryFolder folder;
  const std::string secret = folder / "secret.y4m";
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(secret, {32, 32}, 3, {.codec = "rawvideo"}));
  const std::string playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://" + secret +
                               "\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n";
  const std::string concat = "ffconcat version 1.0\nfile '" + secret + "'\n";
  const std::string dash =
      "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
      "profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"><Period><AdaptationSet><Representation>"
      "<BaseURL>" +
      secret + "</BaseURL></Representation></AdaptationSet></Period></MPD>";
  const std::string sdp =
      "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n";
  for (const std::string& content : {playlist, concat, dash, sdp}) {
    for (const std::string name : {"call.mp4", "call.m3u8", "call.ffconcat", "call.mpd"}) {
      test::WriteText(folder / name, content);
      EXPECT_EQ(OpeningError(folder / name).code, ErrorCode::kUnsupported) << content;
    }
  }
}

/// A fragment of a few bytes that claims to describe 83 million pictures; found by the fuzzer.
TEST(HostileTest, AHugeIndexIsRefused) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(folder / "made.mp4", {32, 32}, 5, {.codec = "mpeg4"}));
  test::Remux(folder / "made.mp4", folder / "bomb.mp4",
              {.display_matrix = {}, .movflags = "+frag_keyframe+empty_moov"});
  std::vector<uint8_t> bytes = test::ReadBytes(folder / "bomb.mp4");
  constexpr std::array<uint8_t, 12> kClaim = {'t', 'r', 'u', 'n', 0, 0, 0, 0, 5, 0, 0, 0};
  const auto place = std::search(bytes.begin(), bytes.end(), kClaim.begin(), kClaim.begin() + 4);
  ASSERT_NE(place, bytes.end());
  std::copy(kClaim.begin(), kClaim.end(), place);
  test::WriteBytes(folder / "bomb.mp4", bytes);
  struct rusage before {};
  struct rusage after {};
  getrusage(RUSAGE_SELF, &before);
  const Clip clip = ReadClip(folder / "bomb.mp4");
  getrusage(RUSAGE_SELF, &after);
  EXPECT_TRUE(clip.error || !clip.diagnostics.empty());
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 1200 * 1024);  // KiB; without the limit it is 2.7 GB.
}

TEST(HostileTest, NamesAreNoProtocols) {
  const TemporaryFolder folder;
  const std::string secret = folder / "secret.y4m";
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(secret, {32, 32}, 3, {.codec = "rawvideo"}));
  for (const std::string prefix : {"file:", "concat:", "subfile,,start,0,end,0,,:", "cache:", "data:,"}) {
    EXPECT_EQ(OpeningError(prefix + secret).code, ErrorCode::kNotFound);
  }
  EXPECT_EQ(OpeningError("http://127.0.0.1:9/shot_%d.png").code, ErrorCode::kNotFound);
}

/// Has the reader said that something is missing?
bool TellsOfTruncation(const Clip& clip) {
  for (const Diagnostic& item : clip.diagnostics.items()) {
    if (item.code == ErrorCode::kCorruptData && item.message.find("truncated") != std::string::npos)
      return true;
  }
  return false;
}

class TruncatedTest : public testing::TestWithParam<std::string> {};

TEST_P(TruncatedTest, GivesWhatIsThereAndSaysSo) {
  const TemporaryFolder folder;
  const std::string ending = GetParam();
  const std::string codec = ending == ".y4m" ? "rawvideo" : "mpeg4";
  std::vector<cv::Mat3b> pictures;
  cv::RNG random(3);
  for (int i = 0; i < 100; ++i) {
    pictures.emplace_back(64, 64);
    random.fill(pictures.back(), cv::RNG::UNIFORM, 0, 256);
  }
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / ("made" + ending), pictures, {.codec = codec}));
  const std::string whole = folder / ("whole" + ending);
  if (ending == ".mp4") {
    test::Remux(folder / "made.mp4", whole, {.display_matrix = {}, .movflags = "+faststart"});
  } else {
    std::filesystem::rename(folder / ("made" + ending), whole);
  }
  EXPECT_FALSE(TellsOfTruncation(ReadClip(whole)));
  const std::vector<uint8_t> bytes = test::ReadBytes(whole);
  for (const double share : {0.1, 0.3, 0.50, 0.501, 0.502, 0.503, 0.77, 0.89}) {
    const std::string cut = folder / ("cut" + ending);
    test::WriteBytes(cut,
                     std::span(bytes).first(static_cast<size_t>(static_cast<double>(bytes.size()) * share)));
    for (const int threads : {1, 3}) {
      const Clip clip = ReadClip(cut, {.threads = threads});
      ASSERT_FALSE(clip.error) << clip.error->message << " at " << share;
      EXPECT_TRUE(TellsOfTruncation(clip)) << share;
      EXPECT_GT(static_cast<double>(clip.pictures.size()), 100 * share - 8);
      EXPECT_LT(static_cast<double>(clip.pictures.size()), 100 * share + 8);
    }
    // A range that ends before the damage is whole.
    EXPECT_FALSE(TellsOfTruncation(ReadClip(cut, {.end_s = 0.2})) && share > 0.2);
  }
}

INSTANTIATE_TEST_SUITE_P(Containers, TruncatedTest, testing::Values(".mp4", ".mkv", ".avi", ".y4m"),
                         [](const auto& test_info) { return test_info.param.substr(1); });

TEST(DamagedTest, PicturesAreSkippedAndCounted) {
  const TemporaryFolder folder;
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  ASSERT_NO_FATAL_FAILURE(
      test::WriteNumberedClip(folder / "clip.mp4", {128, 128}, 60, {.crf = 5, .key_frame_interval = 10}));
  std::vector<uint8_t> bytes = test::ReadBytes(folder / "clip.mp4");
  // In the media data, which comes first.
  for (size_t i = bytes.size() / 4; i < bytes.size() / 3; ++i) bytes[i] = static_cast<uint8_t>(i * 37);
  test::WriteBytes(folder / "damaged.mp4", bytes);
  const Clip clip = ReadClip(folder / "damaged.mp4", {.threads = 1});
  ASSERT_FALSE(clip.error) << clip.error->message;
  EXPECT_GT(clip.pictures.size(), 20U);
  EXPECT_LT(clip.pictures.size(), 60U);
  ASSERT_FALSE(clip.diagnostics.empty());
  EXPECT_EQ(clip.diagnostics.items()[0].code, ErrorCode::kCorruptData);
  EXPECT_EQ(clip.diagnostics.items()[0].message, "damaged pictures were skipped");
  EXPECT_GE(clip.diagnostics.items()[0].first_time_s, 0);
}

TEST(QuietTest, NothingReachesStandardError) {
  const TemporaryFolder folder;
  test::WriteText(folder / "bad.mp4", std::string("\0\0\0\x18"
                                                  "ftypmp42\0\0\0\0mp42isom",
                                                  24));
  testing::internal::CaptureStderr();
  (void)OpeningError(folder / "bad.mp4");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace peekproof::media
