// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/audit.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "audit/engine_cues.h"
#include "audit/testing.h"
#include "media/picture.h"
#include "media/video_writer.h"
#include "models/segmenter.h"
#include "testbed/scene.h"
#include "testbed/wallpaper.h"

namespace peekproof::audit {
namespace {

namespace fs = std::filesystem;

constexpr int kFrames = 80;
const cv::Size kSize(640, 360);

// Videos of one generated call: behind a wallpaper with four raw frames, plain, and the room alone.
class AuditTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!Installed()) return;
    folder_ = fs::path(testing::TempDir()) / fmt::format("peekproof_audit_test_{}", ::getpid());
    fs::create_directories(folder_);
    testbed::SceneOptions options;
    options.size = kSize;
    options.frames = kFrames;
    options.foreground.look = 0;
    options.write_frames = false;
    options.engine = "mediapipe";
    options.raw = {{.start_s = 1.6, .frames = 4}};
    auto truth = testbed::GenerateScene(options, Path("replaced"), nullptr, {});
    ASSERT_TRUE(truth.ok()) << truth.error().message;
    WritePlain(options);
    WriteBlurred(options);
    WriteBlurredWithGap(options);
  }

  static void TearDownTestSuite() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void SetUp() override {
    if (!Installed()) GTEST_SKIP() << "the models are not installed: run `make setup`";
  }

  static bool Installed() {
    return models::MakeSegmenter("landscape").ok() && models::MakeSegmenter("selfie").ok();
  }

  // The camera's own picture, whose exposure wanders as a real one's does, and the empty room.
  static void WritePlain(testbed::SceneOptions options) {
    options.raw.clear();
    auto scene = testbed::Scene::Create(options);
    ASSERT_TRUE(scene.ok()) << scene.error().message;
    auto plain = media::VideoWriter::Create(Path("plain.mp4"), kSize, {});
    auto empty = media::VideoWriter::Create(Path("empty.mp4"), kSize, {});
    ASSERT_TRUE(plain.ok() && empty.ok());
    testbed::SceneFrame frame;
    for (int i = 0; i < kFrames; ++i) {
      const auto more = (*scene)->Next(&frame);
      ASSERT_TRUE(more.ok() && *more);
      cv::Mat3b exposed;
      frame.camera.bgr.convertTo(exposed, CV_8U, 1.0 + 0.02 * std::sin(0.3 * i));
      ASSERT_TRUE((*plain)->Write(exposed).ok());
      ASSERT_TRUE((*empty)->Write((*scene)->studio().true_room()).ok());
    }
    ASSERT_TRUE((*plain)->Finish().ok() && (*empty)->Finish().ok());
  }

  // Before sheets of writing, behind a blur that hides all of it from the eye of Tesseract.
  static void WriteBlurred(testbed::SceneOptions options) {
    options.raw.clear();
    options.size = {1280, 720};
    options.frames = 40;
    options.room = "chart";
    options.wallpaper = "gaussian(sigma=7)";
    options.channel.bit_rate = 4'000'000;
    const auto truth = testbed::GenerateScene(options, Path("blurred"), nullptr, {});
    ASSERT_TRUE(truth.ok()) << truth.error().message;
  }

  // Behind a blur that drops out for two frames.
  static void WriteBlurredWithGap(testbed::SceneOptions options) {
    options.wallpaper = "gaussian(sigma=6)";
    options.frames = 40;
    options.raw = {{.start_s = 1.2, .frames = 2}};
    const auto truth = testbed::GenerateScene(options, Path("gap"), nullptr, {});
    ASSERT_TRUE(truth.ok()) << truth.error().message;
  }

  static std::string Path(const std::string& name) { return (folder_ / name).string(); }

  static AuditOptions Replaced() {
    AuditOptions options;
    options.input = Path("replaced/call.mp4");
    return options;
  }

  static AuditResult Audited(const AuditOptions& options) {
    auto result = RunAudit(options, nullptr, {});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return std::move(result).value();
  }

  static inline fs::path folder_;
};

bool Equal(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

TEST_F(AuditTest, FindsRawFramesAndALeakBehindAWallpaper) {
  const AuditResult result = Audited(Replaced());
  EXPECT_EQ(result.verdict, Verdict::kRoomShown);
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.frames, kFrames);
  ASSERT_EQ(result.raw.size(), 1U);
  EXPECT_NEAR(result.raw[0].start_s, 1.6, 0.05);
  EXPECT_EQ(result.raw[0].frames, 4);
  EXPECT_GT(result.recovered_share, 0.01);
  EXPECT_GT(result.expected_correct_share, 0.0);
  EXPECT_LE(result.confident_share, result.recovered_share);
  ASSERT_TRUE(result.main_segment.has_value());
  const SegmentResult& main = result.segments[*result.main_segment];
  EXPECT_EQ(main.background, BackgroundKind::kStaticWallpaper);
  EXPECT_EQ(main.room.size(), kSize);
  EXPECT_FALSE(result.worst.empty());
  EXPECT_GE(result.timeline.size(), static_cast<size_t>(kFrames - 4));
}

TEST_F(AuditTest, GuessesTheEngineUnlessItIsNamed) {
  AuditOptions options = Replaced();
  const AuditResult guessed = Audited(options);
  const SegmentResult& main = guessed.segments[guessed.main_segment.value()];
  ASSERT_EQ(main.engine_guesses.size(), kCandidateEngines.size());
  EXPECT_EQ(main.engine, main.engine_guesses.front().engine);
  EXPECT_NE(main.engine, "meet") << "the call is mixed by a linear alpha";
  options.engine = "jitsi";
  const AuditResult named = Audited(options);
  EXPECT_EQ(named.segments[named.main_segment.value()].engine, "jitsi");
  EXPECT_TRUE(named.segments[named.main_segment.value()].engine_guesses.empty());
}

TEST_F(AuditTest, DoesNotDependOnTheNumberOfThreads) {
  AuditOptions options = Replaced();
  options.threads = 1;
  const AuditResult one = Audited(options);
  options.threads = 3;
  const AuditResult three = Audited(options);
  ASSERT_EQ(one.segments.size(), three.segments.size());
  for (size_t i = 0; i < one.segments.size(); ++i) {
    if (!one.segments[i].analysed) continue;
    EXPECT_TRUE(Equal(one.segments[i].room.bgr, three.segments[i].room.bgr));
    EXPECT_TRUE(Equal(one.segments[i].room.confidence, three.segments[i].room.confidence));
    EXPECT_TRUE(Equal(one.segments[i].gathered.bgr, three.segments[i].gathered.bgr));
    EXPECT_TRUE(Equal(one.segments[i].heat, three.segments[i].heat));
  }
  EXPECT_EQ(one.verdict_sentence, three.verdict_sentence);
}

TEST_F(AuditTest, BlacksOutTheCallerUnlessAsked) {
  AuditOptions options = Replaced();
  const AuditResult hidden = Audited(options);
  options.show_caller = true;
  const AuditResult shown = Audited(options);
  ASSERT_FALSE(hidden.worst.empty());
  ASSERT_EQ(hidden.worst.size(), shown.worst.size());
  const auto black_share = [](const cv::Mat3b& picture) {
    cv::Mat1b black;
    cv::inRange(picture, cv::Scalar::all(0), cv::Scalar::all(0), black);
    return cv::countNonZero(black) / static_cast<double>(black.total());
  };
  EXPECT_GT(black_share(hidden.worst[0].picture), black_share(shown.worst[0].picture) + 0.1);
}

TEST_F(AuditTest, AGivenWallpaperIsUsed) {
  AuditOptions options = Replaced();
  options.wallpaper = Path("replaced/truth/wallpaper.png");
  const AuditResult result = Audited(options);
  EXPECT_EQ(result.verdict, Verdict::kRoomShown);
  EXPECT_GT(result.recovered_share, 0.01);
  options.wallpaper = Path("no_such.png");
  EXPECT_EQ(RunAudit(options, nullptr, {}).error().code, ErrorCode::kNotFound);
}

// Pixels that are painted as room.
TEST_F(AuditTest, AVideoAsWallpaperIsFollowed) {
  const cv::Mat3b landscape = testbed::MakeWallpaper(testbed::WallpaperKind::kMountains, 3, kSize * 2);
  auto loop = media::VideoWriter::Create(Path("loop.mkv"), kSize, {.codec = "ffv1"});
  ASSERT_TRUE(loop.ok()) << loop.error().message;
  for (int i = 0; i < 50; ++i) {
    const cv::Point corner(320 + static_cast<int>(80 * std::cos(CV_PI * i / 25)),
                           180 + static_cast<int>(60 * std::sin(CV_PI * i / 25)));
    ASSERT_TRUE((*loop)->Write(landscape(cv::Rect(corner, kSize)).clone()).ok());
  }
  ASSERT_TRUE((*loop)->Finish().ok());
  testbed::SceneOptions scene;
  scene.size = kSize;
  scene.frames = 60;
  scene.foreground.look = 0;
  scene.write_frames = false;
  scene.engine = "mediapipe";
  scene.wallpaper = Path("loop.mkv");
  scene.raw = {{.start_s = 1.2, .frames = 3}};
  const auto truth = testbed::GenerateScene(scene, Path("moving"), nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  const auto room = media::ReadPicture(Path("moving/truth/room.png"));
  ASSERT_TRUE(room.ok());

  AuditOptions options = Replaced();
  options.input = Path("moving/call.mp4");
  options.engine = "mediapipe";
  options.find = "none";
  const AuditResult alone = Audited(options);
  EXPECT_EQ(alone.recovered_share, 0) << alone.verdict_sentence;
  options.wallpaper = Path("loop.mkv");
  const AuditResult followed = Audited(options);
  ASSERT_FALSE(followed.segments.empty());
  EXPECT_TRUE(followed.segments[0].analysed) << followed.verdict_sentence;
  EXPECT_LT(followed.segments[0].moving_share, 0.02);
  ASSERT_EQ(followed.raw.size(), 1U);
  EXPECT_EQ(followed.raw[0].first_frame, 30);
  EXPECT_EQ(followed.raw[0].frames, 3);
  const Paint paint = PaintOf(followed, *room);
  EXPECT_GT(paint.right, 1500);
  EXPECT_LT(paint.wrong, kSize.area() / 20);
  options.wallpaper = Path("plain.mp4");
  const auto refused = RunAudit(options, nullptr, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, testing::HasSubstr("is not what this recording shows"));
}

TEST_F(AuditTest, SaysSoWhenThereIsNoVirtualBackground) {
  AuditOptions options;
  options.input = Path("plain.mp4");
  const AuditResult result = Audited(options);
  EXPECT_EQ(result.verdict, Verdict::kNoVirtualBackground) << result.segments[0].background_explanation;
  EXPECT_TRUE(result.raw.empty());
  EXPECT_DOUBLE_EQ(result.recovered_share, 0.0);
  for (const SegmentResult& segment : result.segments) EXPECT_FALSE(segment.analysed);
}

TEST_F(AuditTest, ReadsWhatABlurHides) {
  AuditOptions options = Replaced();
  options.input = Path("blurred/call.mp4");
  options.find = "text";
  const AuditResult result = Audited(options);
  EXPECT_EQ(result.verdict, Verdict::kBlurred) << result.verdict_sentence;
  ASSERT_EQ(result.segments.size(), 1U);
  EXPECT_FALSE(result.segments[0].analysed);
  ASSERT_TRUE(result.segments[0].blur);
  const BlurResult& blur = *result.segments[0].blur;
  EXPECT_EQ(blur.family, "gaussian");
  EXPECT_NEAR(blur.sigma_px, 7.0, 1.2);
  EXPECT_EQ(blur.frames, 40);
  EXPECT_LT(blur.readable_px, blur.seen_px);
  EXPECT_GT(blur.findings.size(), blur.seen.size());
  EXPECT_THAT(result.verdict_sentence, testing::HasSubstr("can be read"));
  ASSERT_FALSE(result.advice.empty());
  EXPECT_THAT(result.advice[0], testing::HasSubstr("a blur of at least"));
}

TEST_F(AuditTest, FindsAndReadsFramesThatABlurMissed) {
  AuditOptions options = Replaced();
  options.input = Path("gap/call.mp4");
  options.find = "text";
  const AuditResult result = Audited(options);
  EXPECT_EQ(result.verdict, Verdict::kRoomShown) << result.verdict_sentence;
  EXPECT_THAT(result.verdict_sentence, testing::HasSubstr("can be read"));
  ASSERT_EQ(result.raw.size(), 1U);
  EXPECT_EQ(result.raw[0].first_frame, 30);
  EXPECT_EQ(result.raw[0].frames, 2);
  ASSERT_EQ(result.raw_views.size(), 1U);
  EXPECT_DOUBLE_EQ(result.raw_views[0].time_s, 1.2);
  EXPECT_FALSE(result.raw_views[0].findings.empty()) << "there is writing in the room";
  EXPECT_THAT(result.advice, testing::Contains(testing::HasSubstr("Cut the raw frames out")));
  EXPECT_THAT(result.advice, testing::Contains(testing::HasSubstr("a blur of at least")));
}

TEST_F(AuditTest, StagesOfTheBlurAttackAreChosen) {
  AuditOptions options = Replaced();
  options.input = Path("blurred/call.mp4");
  options.find = "none";
  options.blur_attack = "blur-study";
  const AuditResult result = Audited(options);
  ASSERT_TRUE(result.segments[0].blur);
  EXPECT_EQ(result.segments[0].blur->attack, "blur-study");
  options.blur_attack = "blur-study(speed=3)";
  const auto refused = RunAudit(options, nullptr, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, testing::HasSubstr("speed"));
}

TEST_F(AuditTest, SaysSoWhenThereIsNoCaller) {
  AuditOptions options;
  options.input = Path("empty.mp4");
  EXPECT_EQ(Audited(options).verdict, Verdict::kNoCaller);
}

TEST_F(AuditTest, CropAndTimeRangeAreHonoured) {
  AuditOptions options = Replaced();
  options.crop = cv::Rect(80, 0, 480, 360);
  options.end_s = 1.2;
  const AuditResult result = Audited(options);
  EXPECT_EQ(result.frame_size, cv::Size(480, 360));
  EXPECT_EQ(result.frames, 30);
  EXPECT_TRUE(result.raw.empty());
}

// Asks to stop once the second pass has begun.
class StopInSecondPass : public ProgressSink {
 public:
  void Report(std::string_view stage, int64_t done, int64_t) override {
    if (stage == "recover" && done == 20) stop.request_stop();
  }
  std::stop_source stop;
};

TEST_F(AuditTest, AnInterruptedAuditKeepsWhatItFound) {
  StopInSecondPass progress;
  auto result = RunAudit(Replaced(), &progress, progress.stop.get_token());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_TRUE(result->interrupted);
  EXPECT_FALSE(result->complete);
  EXPECT_THAT(result->verdict_sentence, testing::HasSubstr("Stopped early"));
}

TEST_F(AuditTest, StoppedBeforeItBeganItMakesNoStatement) {
  std::stop_source stop;
  stop.request_stop();
  auto result = RunAudit(Replaced(), nullptr, stop.get_token());
  if (!result.ok()) {
    EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
    return;
  }
  EXPECT_EQ(result->verdict, Verdict::kNotApplicable);
}

TEST(AuditOptionsTest, NamesWhatIsWrong) {
  AuditOptions options;
  EXPECT_THAT(options.Validate().error().message, testing::HasSubstr("recording"));
  options.input = "call.mp4";
  EXPECT_TRUE(options.Validate().ok());
  options.end_s = 0;
  EXPECT_THAT(options.Validate().error().message, testing::HasSubstr("end"));
  options.end_s.reset();
  options.crop = cv::Rect(0, 0, 10, 10);
  EXPECT_THAT(options.Validate().error().message, testing::HasSubstr("crop"));
  options.crop.reset();
  options.threads = -1;
  EXPECT_FALSE(options.Validate().ok());
}

TEST(AuditTestErrors, EngineAndFileAreChecked) {
  AuditOptions options;
  options.input = "no_such_file.mp4";
  options.engine = "nonsense";
  EXPECT_EQ(RunAudit(options, nullptr, {}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::audit
