// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "media/picture.h"
#include "media/video_reader.h"
#include "testbed/demo.h"
#include "testbed/small_scene.h"
#include "testbed/testing.h"
#include "testbed/truth_videos.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test, gone afterwards.
class SceneFiles : public testing::Test {
 protected:
  SceneFiles() {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / fmt::format("peekproof_{}_{}", info->name(), ::getpid());
    fs::remove_all(root_);
  }
  ~SceneFiles() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  std::string Folder(const char* name) const { return (root_ / name).string(); }

  fs::path root_;
};

TEST(Scene, ComposesWithTheAlphaItTells) {
  const auto scene = Scene::Create(SmallScene());
  ASSERT_TRUE(scene.ok()) << scene.error().message;
  SceneFrame frame;
  int frames = 0;
  while (true) {
    const Result<bool> more = (*scene)->Next(&frame);
    ASSERT_TRUE(more.ok()) << more.error().message;
    if (!*more) break;
    ++frames;
    for (int y = 0; y < frame.camera.bgr.rows; ++y) {
      for (int x = 0; x < frame.camera.bgr.cols; ++x) {
        const float a = frame.shown.alpha.values(y, x);
        for (int c = 0; c < 3; ++c) {
          const float mixed = a * static_cast<float>(frame.camera.bgr(y, x)[c]) +
                              (1.0F - a) * static_cast<float>((*scene)->wallpaper()(y, x)[c]);
          ASSERT_NEAR(static_cast<float>(frame.shown.bgr(y, x)[c]), mixed, 1.01F);
        }
      }
    }
  }
  EXPECT_EQ(frames, 24);
}

TEST(Scene, RawFramesShowTheCamera) {
  const auto scene = Scene::Create(SmallScene());
  ASSERT_TRUE(scene.ok());
  SceneFrame frame;
  std::vector<int64_t> raw;
  while (*(*scene)->Next(&frame)) {
    const bool shows_camera = SameBytes(frame.shown.bgr, frame.camera.bgr);
    EXPECT_EQ(shows_camera, frame.raw) << frame.camera.index;
    if (frame.raw) raw.push_back(frame.camera.index);
  }
  EXPECT_THAT(raw, testing::ElementsAre(8, 9));
}

double LeakOf(const SceneOptions& options) {
  const auto scene = Scene::Create(options);
  PEEKPROOF_CHECK(scene.ok(), "{}", scene.error().message);
  LeakTruth truth(options.size);
  SceneFrame frame;
  while (*(*scene)->Next(&frame)) truth.Add(frame.caller, frame.shown.alpha, frame.raw);
  return cv::sum(truth.leak_alpha())[0] / static_cast<double>(options.size.area());
}

TEST(Scene, LeaksMoreThroughAWorseMask) {
  SceneOptions options = SmallScene();
  const double erring = LeakOf(options);
  options.oracle.lag_frames = 0;
  options.oracle.dilate_px = 0;
  options.oracle.blobs = 0;
  const double careful = LeakOf(options);
  EXPECT_GT(erring, 0.015) << "share of the frame that leaks at some time";
  EXPECT_LT(careful, 0.5 * erring);
}

TEST_F(SceneFiles, TruthComesBackFromItsFiles) {
  const auto made = GenerateScene(SmallScene(), Folder("a"), nullptr, {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto read = ReadSceneTruth(Folder("a"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->video, made->video);
  EXPECT_EQ(read->seed, made->seed);
  EXPECT_EQ(read->engine, made->engine);
  EXPECT_EQ(read->frames, made->frames);
  EXPECT_EQ(read->raw_frames, made->raw_frames);
  EXPECT_EQ(read->options, made->options);
  EXPECT_EQ(read->person_json, made->person_json);
  EXPECT_EQ(read->wallpaper_moves, made->wallpaper_moves);
  ASSERT_EQ(read->leaks.size(), made->leaks.size());
  EXPECT_EQ(read->leaks[20].weighted_px, made->leaks[20].weighted_px);
  EXPECT_EQ(read->leaks[20].edge_px, made->leaks[20].edge_px);
  ASSERT_EQ(read->texts.size(), made->texts.size());
  EXPECT_EQ(read->texts[0].text, made->texts[0].text);
  EXPECT_TRUE(SameBytes(read->room, made->room));
  EXPECT_TRUE(SameBytes(read->wallpaper, made->wallpaper));
  EXPECT_TRUE(SameBytes(read->uncovered, made->uncovered));
  EXPECT_TRUE(SameBytes(read->always_caller, made->always_caller));
  ASSERT_EQ(read->growth.size(), made->growth.size());
  EXPECT_EQ(read->growth[20].weighted_px, made->growth[20].weighted_px);
  EXPECT_TRUE(SameBytes(read->leak_alpha, made->leak_alpha)) << "the truth is what its files hold";
}

/// The leak of a frame once more, pixel by pixel, from the mattes alone.
float LeakAt(const TruthFrame& frame, int x, int y) {
  const cv::Mat1f& caller = frame.caller.values;
  for (int ny = std::max(0, y - 2); ny <= std::min(caller.rows - 1, y + 2); ++ny)
    for (int nx = std::max(0, x - 2); nx <= std::min(caller.cols - 1, x + 2); ++nx)
      if (caller(ny, nx) > 0) return 0;
  return frame.engine_alpha.values(y, x);
}

TEST_F(SceneFiles, LeakAgreesWithRecomputationFromTheWrittenFrames) {
  SceneOptions options = SmallScene();
  options.write_frames = true;
  ASSERT_TRUE(GenerateScene(options, Folder("a"), nullptr, {}).ok());
  const auto truth = ReadSceneTruth(Folder("a"));
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  const auto frames = TruthVideoReader::Open(Folder("a"));
  ASSERT_TRUE(frames.ok()) << frames.error().message;
  cv::Mat1f highest(options.size, 0.0F);
  TruthFrame frame;
  for (size_t index = 0; *(*frames)->Next(&frame); ++index) {
    EXPECT_NEAR(frame.time_s, options.TimeOf(static_cast<int64_t>(index)), 1e-3);
    const bool raw = options.IsRaw(static_cast<int64_t>(index));
    double weighted = 0;
    for (int y = 0; y < highest.rows; ++y) {
      for (int x = 0; x < highest.cols; ++x) {
        const float leak = LeakAt(frame, x, y);
        ASSERT_EQ(frame.leak_alpha.values(y, x), leak) << index << ": " << x << ", " << y;
        weighted += static_cast<double>(leak);
        if (!raw) highest(y, x) = std::max(highest(y, x), leak);
      }
    }
    ASSERT_LT(index, truth->leaks.size());
    EXPECT_NEAR(truth->leaks[index].weighted_px, weighted, 1e-6 * weighted);
    EXPECT_NEAR(truth->growth[index].weighted_px, cv::sum(highest)[0], 1e-3);
  }
  EXPECT_TRUE(SameBytes(highest, truth->leak_alpha));
  EXPECT_GT(cv::countNonZero(highest), 500);
}

TEST_F(SceneFiles, AMovingBackgroundIsKeptFrameByFrame) {
  SceneOptions options = SmallScene();
  options.write_frames = true;
  options.frames = 4;
  options.raw.clear();
  options.wallpaper = "gaussian(sigma=4)";
  const auto made = GenerateScene(options, Folder("a"), nullptr, {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_TRUE(made->wallpaper_moves);
  const auto kept = media::VideoReader::Open(Folder("a") + "/truth/wallpaper.mkv", {});
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  const auto scene = Scene::Create(options);
  ASSERT_TRUE(scene.ok()) << scene.error().message;
  SceneFrame frame;
  cv::Mat3b drawn;
  for (int index = 0; *(*scene)->Next(&frame); ++index) {
    ASSERT_TRUE(*(*kept)->Advance());
    ASSERT_TRUE((*kept)->Convert(&drawn).ok());
    EXPECT_TRUE(SameBytes(drawn, (*scene)->wallpaper())) << index;
    if (index == 0) {
      EXPECT_TRUE(SameBytes(drawn, made->wallpaper));
    }
  }
}

TEST_F(SceneFiles, TruthHasTheFramesThatArrived) {
  SceneOptions options = SmallScene();
  options.write_frames = true;
  options.frames = 40;
  options.channel.losses = {.per_minute = 200, .shortest_s = 0.12, .longest_s = 0.3};
  ASSERT_TRUE(GenerateScene(options, Folder("a"), nullptr, {}).ok());
  const auto truth = ReadSceneTruth(Folder("a"));
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  EXPECT_GT(truth->lost_frames.size(), 3U);
  EXPECT_EQ(truth->frames + static_cast<int64_t>(truth->lost_frames.size()), 40);
  EXPECT_EQ(truth->leaks.size(), static_cast<size_t>(truth->frames));
  const auto video = media::VideoReader::Open(truth->video, {});
  const auto mattes = TruthVideoReader::Open(Folder("a"));
  ASSERT_TRUE(video.ok() && mattes.ok());
  TruthFrame frame;
  int64_t frames = 0;
  for (; *(*video)->Advance(); ++frames) {
    ASSERT_TRUE(*(*mattes)->Next(&frame));
    EXPECT_NEAR((*video)->time_s(), frame.time_s, 2e-3);
    EXPECT_NEAR(truth->sent[static_cast<size_t>(frames)].time_s, frame.time_s, 1e-3);
  }
  EXPECT_EQ(frames, truth->frames);
  EXPECT_FALSE(*(*mattes)->Next(&frame));
}

TEST_F(SceneFiles, ACallOfRawFramesAloneIsACall) {
  SceneOptions options = SmallScene();
  options.frames = 3;
  options.raw = {{0, 3}};
  const auto truth = GenerateScene(options, Folder("a"), nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  EXPECT_EQ(truth->raw_frames.size(), 3U);
  EXPECT_TRUE(ReadSceneTruth(Folder("a")).ok());
}

TEST_F(SceneFiles, MattesThatWereNotWrittenAreMissed) {
  SceneOptions options = SmallScene();
  options.frames = 2;
  ASSERT_TRUE(GenerateScene(options, Folder("a"), nullptr, {}).ok());
  const auto frames = TruthVideoReader::Open(Folder("a"));
  ASSERT_FALSE(frames.ok());
  EXPECT_EQ(frames.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(frames.error().message, testing::HasSubstr("truth_frames=yes"));
}

TEST_F(SceneFiles, VideoHoldsTheCall) {
  SceneOptions options = SmallScene();
  const auto truth = GenerateScene(options, Folder("a"), nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  const auto video = media::VideoReader::Open(truth->video, {});
  ASSERT_TRUE(video.ok()) << video.error().message;
  EXPECT_EQ((*video)->info().size, options.size);
  EXPECT_EQ((*video)->info().codec, "h264");
  const auto scene = Scene::Create(options);
  ASSERT_TRUE(scene.ok());
  SceneFrame frame;
  cv::Mat3b decoded;
  int frames = 0;
  while (*(*video)->Advance()) {
    ASSERT_TRUE((*video)->Convert(&decoded).ok());
    ASSERT_TRUE(*(*scene)->Next(&frame));
    const double error =
        cv::norm(decoded, frame.shown.bgr, cv::NORM_L1) / static_cast<double>(3 * decoded.total());
    EXPECT_LT(error, 8) << "mean difference of frame " << frames;
    ++frames;
  }
  EXPECT_EQ(frames, options.frames);
}

TEST_F(SceneFiles, SameSeedSameBytesOnAnyNumberOfThreads) {
  SceneOptions options = SmallScene();
  options.frames = 10;
  options.write_frames = true;
  {
    const ThreadLimit limit(1);
    ASSERT_TRUE(GenerateScene(options, Folder("one"), nullptr, {}).ok());
  }
  {
    const ThreadLimit limit(4);
    ASSERT_TRUE(GenerateScene(options, Folder("four"), nullptr, {}).ok());
  }
  options.seed = 6;
  ASSERT_TRUE(GenerateScene(options, Folder("other"), nullptr, {}).ok());
  const auto one = AllFiles(Folder("one"));
  EXPECT_EQ(one.size(), 9U + 3U);
  EXPECT_TRUE(one == AllFiles(Folder("four")));
  EXPECT_FALSE(one == AllFiles(Folder("other")));
}

TEST_F(SceneFiles, LosslessCallIsExact) {
  SceneOptions options = SmallScene();
  options.frames = 3;
  options.channel.codec = ChannelCodec::kLossless;
  const auto truth = GenerateScene(options, Folder("a"), nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  const auto video = media::VideoReader::Open(truth->video, {});
  ASSERT_TRUE(video.ok()) << video.error().message;
  const auto scene = Scene::Create(options);
  ASSERT_TRUE(scene.ok());
  SceneFrame frame;
  cv::Mat3b decoded;
  while (*(*scene)->Next(&frame)) {
    ASSERT_TRUE(*(*video)->Advance());
    ASSERT_TRUE((*video)->Convert(&decoded).ok());
    EXPECT_TRUE(SameBytes(decoded, frame.shown.bgr));
  }
}

TEST_F(SceneFiles, StopsWhenAskedAndIsThenUnfinished) {
  class StopAtFive : public ProgressSink {
   public:
    void Report(std::string_view, int64_t done, int64_t) override {
      if (done == 5) source.request_stop();
    }
    std::stop_source source;
  } sink;
  const auto made = GenerateScene(SmallScene(), Folder("a"), &sink, sink.source.get_token());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kInterrupted);
  const auto read = ReadSceneTruth(Folder("a"));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
}

TEST_F(SceneFiles, RefusesBrokenTruth) {
  SceneOptions options = SmallScene();
  options.frames = 2;
  ASSERT_TRUE(GenerateScene(options, Folder("a"), nullptr, {}).ok());
  const std::string json = Folder("a") + "/truth/scene.json";
  std::string text = AllFiles(Folder("a"))["truth/scene.json"];
  const auto code_with = [&](const std::string& changed) {
    std::ofstream(json, std::ios::binary) << changed;
    const auto read = ReadSceneTruth(Folder("a"));
    return read.ok() ? std::string("ok") : std::string(ErrorCodeName(read.error().code));
  };
  EXPECT_EQ(code_with(text), "ok");
  EXPECT_EQ(code_with(text.substr(0, text.size() / 2)), "kCorruptData");
  EXPECT_EQ(code_with("{}"), "kCorruptData");
  EXPECT_EQ(code_with("[1]"), "kCorruptData");
  std::string resized = text;
  resized.replace(resized.find("\"width\": 192"), 12, "\"width\": 190");
  EXPECT_EQ(code_with(resized), "kCorruptData");
  std::string future = text;
  future.replace(future.find("\"format\": 2"), 11, "\"format\": 9");
  EXPECT_EQ(code_with(future), "kUnsupported");
}

TEST(DemoScene, IsTheCallThatIsPromised) {
  const SceneOptions scene = DemoScene({});
  EXPECT_TRUE(scene.Validate().ok());
  EXPECT_EQ(scene.size, cv::Size(1280, 720));
  EXPECT_EQ(scene.frames, 350);
  EXPECT_FALSE(scene.IsRaw(224));
  EXPECT_TRUE(scene.IsRaw(225) && scene.IsRaw(227));
  EXPECT_FALSE(scene.IsRaw(228));
  DemoOptions bad;
  bad.duration_s = 0;
  EXPECT_FALSE(MakeDemoCall(bad, "unused", nullptr, {}).ok());
}

}  // namespace
}  // namespace peekproof::testbed
