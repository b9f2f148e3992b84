// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/apply_video.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "media/picture.h"
#include "media/test_clips.h"
#include "models/segmenter.h"

namespace peekproof::apply {
namespace {

using media::test::Clip;
using media::test::ReadClip;
using ::testing::HasSubstr;

const cv::Size kClipSize(320, 180);
const cv::Vec3b kWall(150, 160, 170);
const cv::Vec3b kGreen(0, 255, 0);

/// Asks for a stop once a number of frames is reported.
class StopAfter : public ProgressSink {
 public:
  explicit StopAfter(int64_t frames) : frames_(frames) {}
  void Report(std::string_view /*stage*/, int64_t done, int64_t /*total*/) override {
    if (done >= frames_) source_.request_stop();
  }
  std::stop_token token() const { return source_.get_token(); }

 private:
  int64_t frames_;
  std::stop_source source_;
};

class ApplyVideoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto segmenter = models::MakeSegmenter("landscape");
    if (!segmenter.ok()) GTEST_SKIP() << segmenter.error().message;
  }

  /// A bare wall, lossless, whose last column tells the frame's number.
  std::string WallClip(cv::Size size, int frames, const std::vector<double>& times = {}) {
    std::vector<cv::Mat3b> pictures;
    for (int i = 0; i < frames; ++i) {
      pictures.emplace_back(size, kWall);
      pictures.back().col(size.width - 1) = cv::Vec3b(0, 0, static_cast<uint8_t>(10 * i));
    }
    media::WriterOptions options;
    options.codec = "ffv1";
    options.crf = 0;
    media::test::WriteClip(folder_ / "in.mkv", pictures, options, times);
    return folder_ / "in.mkv";
  }

  /// Lossless, onto green.
  ApplyOptions Options(const std::string& input) {
    ApplyOptions options;
    options.input = input;
    options.output = folder_ / "out.mkv";
    options.engine = "mediapipe";
    options.background.background = "#00ff00";
    options.codec = "ffv1";
    options.crf = 0;
    return options;
  }

  media::test::TemporaryFolder folder_;
};

bool IsPlain(const cv::Mat3b& picture, const cv::Vec3b& colour) {
  return cv::norm(picture, cv::Mat3b(picture.size(), colour), cv::NORM_INF) <= 1;
}

TEST_F(ApplyVideoTest, PutsTheBackgroundWhereNobodyIsAndKeepsTheTimes) {
  const std::vector<double> times = {0.0, 0.04, 0.2, 0.24, 1.0};
  ApplyOptions options = Options(WallClip(kClipSize, 5, times));
  options.alpha_output = folder_ / "alpha.mkv";
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_TRUE(result->complete());
  EXPECT_EQ(result->frames, 5);
  EXPECT_EQ(result->shown[0], 5);
  EXPECT_LT(result->caller_share, 0.02);
  const Clip out = ReadClip(options.output);
  ASSERT_EQ(out.pictures.size(), 5U);
  const Clip alpha = ReadClip(options.alpha_output);
  ASSERT_EQ(alpha.pictures.size(), 5U);
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_NEAR(out.times[i], times[i], 0.0006);
    EXPECT_NEAR(alpha.times[i], times[i], 0.0006);
    // What is not green shows the camera to the extent that the alpha says.
    const cv::Vec3b shown = out.pictures[i](90, 160);
    const double a = alpha.pictures[i](90, 160)[0] / 255.0;
    EXPECT_NEAR(shown[0], a * kWall[0], 1.5);
    EXPECT_NEAR(shown[1], a * kWall[1] + (1 - a) * 255, 1.5);
  }
}

TEST_F(ApplyVideoTest, AFailingNetworkShowsWhatTheServiceShowsAndIsReported) {
  ApplyOptions options = Options(WallClip(kClipSize, 4));
  options.engine = "mediapipe(fail_from=2,fail_frames=1,on_failure=raw)";
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_FALSE(result->complete());
  EXPECT_EQ(result->failures, 1);
  EXPECT_EQ(result->first_failure, engines::kMadeFailure);
  EXPECT_EQ(result->shown[static_cast<size_t>(engines::Shown::kRaw)], 1);
  const Clip out = ReadClip(options.output);
  ASSERT_EQ(out.pictures.size(), 4U);
  EXPECT_TRUE(IsPlain(out.pictures[2].colRange(0, 319), kWall));
  EXPECT_GT(cv::norm(out.pictures[1].col(160), out.pictures[2].col(160), cv::NORM_INF), 50);
}

TEST_F(ApplyVideoTest, SideBySideHasTheCameraOnTheLeft) {
  ApplyOptions options = Options(WallClip(kClipSize, 2));
  options.side_by_side = true;
  ASSERT_TRUE(ApplyVideo(options, nullptr, {}).ok());
  const Clip out = ReadClip(options.output);
  ASSERT_EQ(out.info.size, cv::Size(640, 180));
  EXPECT_TRUE(IsPlain(out.pictures[1].colRange(0, 319), kWall));
  EXPECT_EQ(out.pictures[1](90, 319)[2], 10);
}

TEST_F(ApplyVideoTest, AStopLeavesAPlayableFile) {
  ApplyOptions options = Options(WallClip(kClipSize, 20));
  StopAfter sink(3);
  const auto result = ApplyVideo(options, &sink, sink.token());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_TRUE(result->interrupted);
  EXPECT_EQ(result->frames, 3);
  EXPECT_EQ(ReadClip(options.output).pictures.size(), 3U);
}

TEST_F(ApplyVideoTest, OddSizesAndTimeRangesWork) {
  ApplyOptions options = Options(WallClip({161, 91}, 10));
  options.output = folder_ / "out.mp4";
  options.codec.clear();
  options.start_s = 0.1;
  options.end_s = 0.3;
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  const Clip out = ReadClip(options.output);
  EXPECT_EQ(out.info.size, cv::Size(161, 91));
  EXPECT_EQ(static_cast<int64_t>(out.pictures.size()), result->frames);
  EXPECT_EQ(out.pictures.size(), 5U);
}

TEST_F(ApplyVideoTest, ATruncatedInputIsPartial) {
  const std::string whole = WallClip(kClipSize, 20);
  auto bytes = media::test::ReadBytes(whole);
  bytes.resize(bytes.size() * 2 / 3);
  media::test::WriteBytes(folder_ / "cut.mkv", bytes);
  ApplyOptions options = Options(folder_ / "cut.mkv");
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_FALSE(result->complete());
  EXPECT_GT(result->frames, 5);
  EXPECT_LT(result->frames, 20);
}

TEST_F(ApplyVideoTest, TimesCloserThanATickOfTheContainerStillGrow) {
  const std::string input = folder_ / "in.nut";
  media::WriterOptions writer;
  writer.codec = "ffv1";
  writer.crf = 0;
  writer.ticks_per_second = 90000;
  media::test::WriteClip(input, std::vector<cv::Mat3b>(4, cv::Mat3b(kClipSize, kWall)), writer,
                         {0.0, 0.04, 0.0401, 0.08});
  // Matroska counts milliseconds: two frames of the first output carry one time.
  ApplyOptions options = Options(input);
  ASSERT_TRUE(ApplyVideo(options, nullptr, {}).ok());
  options.input = options.output;
  options.output = folder_ / "again.mkv";
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  const Clip out = ReadClip(options.output);
  ASSERT_EQ(out.times.size(), 4U);
  EXPECT_NEAR(out.times[2], 0.041, 1e-6);
  EXPECT_NEAR(out.times[3], 0.08, 1e-6);
}

TEST_F(ApplyVideoTest, ADamagedBackgroundVideoIsReportedAndKeepsWhatWasWritten) {
  media::WriterOptions writer;
  writer.codec = "ffv1";
  writer.crf = 0;
  const std::string whole = folder_ / "background.mkv";
  media::test::WriteNumberedClip(whole, kClipSize, 20, writer);
  auto bytes = media::test::ReadBytes(whole);
  bytes.resize(bytes.size() / 2);
  media::test::WriteBytes(folder_ / "cut.mkv", bytes);
  ApplyOptions options = Options(WallClip(kClipSize, 20));
  options.background.background = folder_ / "cut.mkv";
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_FALSE(result->complete());
  EXPECT_FALSE(result->diagnostics.empty());
  EXPECT_EQ(ReadClip(options.output).pictures.size(), 20U);
}

TEST_F(ApplyVideoTest, RefusesToReplaceFilesUnlessForced) {
  ApplyOptions options = Options(WallClip(kClipSize, 2));
  ASSERT_TRUE(ApplyVideo(options, nullptr, {}).ok());
  const auto again = ApplyVideo(options, nullptr, {});
  ASSERT_FALSE(again.ok());
  EXPECT_THAT(again.error().message, HasSubstr("--force"));
  options.force = true;
  EXPECT_TRUE(ApplyVideo(options, nullptr, {}).ok());
  options.output = options.input;
  EXPECT_EQ(ApplyVideo(options, nullptr, {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadClip(options.input).pictures.size(), 2U) << "the input must survive";
  options.output = folder_ / "new.mkv";
  options.alpha_output = folder_ / "./new.mkv";
  EXPECT_EQ(ApplyVideo(options, nullptr, {}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ApplyVideoTest, BadOptionsAreNamed) {
  const std::string input = WallClip(kClipSize, 2);
  const auto message = [&](auto change) {
    ApplyOptions options = Options(input);
    change(&options);
    const auto result = ApplyVideo(options, nullptr, {});
    EXPECT_FALSE(std::filesystem::exists(options.output));
    return result.ok() ? std::string("accepted") : result.error().message;
  };
  EXPECT_THAT(message([](ApplyOptions* o) { o->engine = "nobody"; }), HasSubstr("known engines are"));
  EXPECT_THAT(message([](ApplyOptions* o) { o->background.background = "#12"; }), HasSubstr("#rrggbb"));
  EXPECT_THAT(message([](ApplyOptions* o) { o->background.background = "./none.jpg"; }),
              HasSubstr("none.jpg"));
  EXPECT_THAT(message([](ApplyOptions* o) { o->background.background = "blur"; }),
              HasSubstr("no blur of its own"));
  EXPECT_THAT(message([](ApplyOptions* o) { o->crf = 99; }), HasSubstr("crf"));
  EXPECT_THAT(message([](ApplyOptions* o) { o->end_s = 0; }), HasSubstr("behind the start"));
  EXPECT_THAT(message([](ApplyOptions* o) { o->input = "no/such.mp4"; }), HasSubstr("no/such.mp4"));
}

TEST_F(ApplyVideoTest, TheGuardLearnsTheEmptyRoomAndTheMeterSeesNoLeak) {
  ApplyOptions options = Options(WallClip(kClipSize, 6));
  options.engine = "guard";
  options.plate = options.input;
  options.meter = true;
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_TRUE(result->complete());
  ASSERT_TRUE(result->leak);
  EXPECT_EQ(result->leak->frames, 6);
  EXPECT_EQ(result->leak->weighted_px, 0);
  EXPECT_GT(result->leak->room_px, 0.8 * kClipSize.area());
  for (const cv::Mat3b& picture : ReadClip(options.output).pictures) EXPECT_TRUE(IsPlain(picture, kGreen));
}

TEST_F(ApplyVideoTest, AnEmptyRoomThatNobodyLooksAtIsRefused) {
  ApplyOptions options = Options(WallClip(kClipSize, 2));
  options.plate = options.input;
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(result.error().message, HasSubstr("guard"));
  options.meter = true;
  EXPECT_TRUE(ApplyVideo(options, nullptr, {}).ok());
}

TEST_F(ApplyVideoTest, AnEmptyRoomOfAnotherSizeIsRefused) {
  ApplyOptions options = Options(WallClip(kClipSize, 2));
  options.engine = "guard";
  options.plate = folder_ / "room.png";
  ASSERT_TRUE(media::WritePng(options.plate, cv::Mat3b(36, 64, kWall)).ok());
  const auto result = ApplyVideo(options, nullptr, {});
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().message, HasSubstr("64x36"));
  EXPECT_FALSE(std::filesystem::exists(options.output));
}

}  // namespace
}  // namespace peekproof::apply
