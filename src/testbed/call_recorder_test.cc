// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/call_recorder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "media/video_reader.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

const cv::Size kCallSize(128, 96);
constexpr double kFrameRate = 25;

cv::Mat3b PictureOf(int number, cv::Size size = kCallSize) {
  cv::Mat3b picture(size);
  cv::RNG(number + 1).fill(picture, cv::RNG::UNIFORM, 60, 200);
  cv::GaussianBlur(picture, picture, {}, 1.5);
  cv::circle(picture, {10 + 3 * number % 100, 40}, 20, {200, 40, 90}, cv::FILLED);
  return picture;
}

class CallRecorderTest : public testing::Test {
 protected:
  CallRecorderTest() {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / fmt::format("peekproof_call_{}_{}", info->name(), ::getpid());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~CallRecorderTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  /// Null, and the test to be skipped, where FFmpeg lacks the encoder.
  std::unique_ptr<CallRecorder> Open(const ChannelOptions& options, uint64_t seed = 1) const {
    auto recorder = CallRecorder::Create(root_.string(), kCallSize, kFrameRate, options, seed);
    if (recorder.ok()) return std::move(recorder).value();
    EXPECT_EQ(recorder.error().code, ErrorCode::kUnsupported) << recorder.error().message;
    return nullptr;
  }
  static std::vector<Received> Record(CallRecorder* recorder, int frames) {
    std::vector<Received> received;
    for (int i = 0; i < frames; ++i) {
      Result<Received> result = recorder->Write(PictureOf(i), i, i / kFrameRate);
      EXPECT_TRUE(result.ok()) << result.error().message;
      received.push_back(std::move(result).value());
    }
    const Result<void> finished = recorder->Finish();
    EXPECT_TRUE(finished.ok()) << finished.error().message;
    return received;
  }
  static std::string Bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path root_;
};

struct Recorded {
  std::vector<cv::Mat3b> pictures;
  std::vector<double> times_s;
  media::VideoInfo info;
};

Recorded Read(const std::string& path) {
  Recorded recorded;
  auto reader = media::VideoReader::Open(path, {});
  EXPECT_TRUE(reader.ok()) << reader.error().message;
  if (!reader.ok()) return recorded;
  recorded.info = (*reader)->info();
  while (true) {
    const Result<bool> more = (*reader)->Advance();
    EXPECT_TRUE(more.ok());
    if (!more.ok() || !*more) break;
    recorded.pictures.emplace_back();
    EXPECT_TRUE((*reader)->Convert(&recorded.pictures.back()).ok());
    recorded.times_s.push_back((*reader)->time_s());
  }
  EXPECT_TRUE((*reader)->diagnostics().empty());
  return recorded;
}

TEST_F(CallRecorderTest, LosslessIsExact) {
  const auto recorder = Open({.codec = ChannelCodec::kLossless});
  if (recorder == nullptr) GTEST_SKIP() << "FFmpeg has no encoder libx264rgb";
  for (const Received& received : Record(recorder.get(), 10)) EXPECT_TRUE(received.shown);
  const Recorded recorded = Read(recorder->path());
  ASSERT_EQ(recorded.pictures.size(), 10U);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(cv::norm(recorded.pictures[i], PictureOf(i), cv::NORM_L1), 0) << i;
}

TEST_F(CallRecorderTest, APlainChannelIsTheEncodersOwnStream) {
  struct Case {
    ChannelCodec codec;
    const char* name;
    const char* extension;
  };
  for (const Case& one :
       {Case{ChannelCodec::kH264, "h264", ".mp4"}, Case{ChannelCodec::kVp8, "vp8", ".webm"},
        Case{ChannelCodec::kVp9, "vp9", ".webm"}, Case{ChannelCodec::kAv1, "av1", ".webm"}}) {
    const auto recorder = Open({.codec = one.codec, .bit_rate = 400'000});
    if (recorder == nullptr) continue;
    Record(recorder.get(), 50);
    EXPECT_EQ(fs::path(recorder->path()).extension(), one.extension);
    const Recorded recorded = Read(recorder->path());
    EXPECT_EQ(recorded.info.codec, one.name);
    ASSERT_EQ(recorded.pictures.size(), 50U);
    EXPECT_NEAR(recorded.times_s[49], 49 / kFrameRate, 2e-3);
    const double rate = static_cast<double>(fs::file_size(recorder->path())) * 8 * kFrameRate / 50;
    EXPECT_NEAR(rate, 400'000, 160'000) << one.name;  // Of two seconds, with the first key frame.
  }
}

TEST_F(CallRecorderTest, DroppedFramesAreAbsentAndTheOthersInTheirPlace) {
  ChannelOptions options{.codec = ChannelCodec::kVp8, .bit_rate = 300'000};
  options.losses = {.per_minute = 40, .shortest_s = 0.1, .longest_s = 0.5};
  const auto recorder = Open(options, 5);
  if (recorder == nullptr) GTEST_SKIP() << "FFmpeg has no encoder libvpx or libx264rgb";
  const std::vector<Received> received = Record(recorder.get(), 120);
  const Recorded recorded = Read(recorder->path());
  // The same channel once more tells what the other side saw.
  auto channel = Channel::Create(options, kCallSize, kFrameRate, 5);
  ASSERT_TRUE(channel.ok());
  Sent sent;
  size_t next = 0;
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE((*channel)->Send(PictureOf(i), i / kFrameRate, &sent).ok());
    EXPECT_EQ(received[i].shown, sent.shown());
    EXPECT_EQ(received[i].bytes, sent.bytes);
    if (!sent.shown()) continue;
    ASSERT_LT(next, recorded.pictures.size());
    EXPECT_NEAR(recorded.times_s[next], i / kFrameRate, 1e-4);
    EXPECT_EQ(cv::norm(recorded.pictures[next], sent.picture, cv::NORM_L1), 0) << i;
    ++next;
  }
  EXPECT_EQ(next, recorded.pictures.size());
  EXPECT_LT(next, 110U);
  EXPECT_GT(next, 60U);
}

TEST_F(CallRecorderTest, TheSameSeedGivesTheSameFile) {
  ChannelOptions options{.codec = ChannelCodec::kH264, .bit_rate = 300'000};
  options.losses.per_minute = 30;
  options.dips = {.per_minute = 20, .shortest_s = 0.3, .longest_s = 1};
  options.drop_frames = true;
  const auto bytes = [&](uint64_t seed) {
    const auto recorder = Open(options, seed);
    if (recorder == nullptr) return std::string();
    Record(recorder.get(), 60);
    return Bytes(recorder->path());
  };
  const std::string first = bytes(1);
  if (first.empty()) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  EXPECT_EQ(first, bytes(1));
  EXPECT_NE(first, bytes(2));
}

TEST_F(CallRecorderTest, WithoutFinishNothingStays) {
  const auto recorder = Open({.codec = ChannelCodec::kVp8});
  if (recorder == nullptr) GTEST_SKIP() << "FFmpeg has no encoder libvpx";
  ASSERT_TRUE(recorder->Write(PictureOf(0), 0, 0).ok());
  EXPECT_FALSE(fs::exists(recorder->path()));
}

TEST_F(CallRecorderTest, SaysWhatItCannotRecord) {
  const auto error = [&](const ChannelOptions& options, cv::Size size, const std::string& folder) {
    const auto recorder = CallRecorder::Create(folder, size, kFrameRate, options, 1);
    EXPECT_FALSE(recorder.ok());
    return recorder.ok() ? ErrorCode::kInternal : recorder.error().code;
  };
  EXPECT_EQ(error({.bit_rate = -1}, kCallSize, root_.string()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error({.codec = ChannelCodec::kLossless}, {0, 5}, root_.string()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error({.codec = ChannelCodec::kH264}, {63, 48}, root_.string()), ErrorCode::kUnsupported);
  EXPECT_EQ(error({.codec = ChannelCodec::kLossless}, kCallSize, (root_ / "none").string()), ErrorCode::kIo);
}

}  // namespace
}  // namespace peekproof::testbed
