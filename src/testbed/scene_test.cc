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
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "media/picture.h"
#include "media/video_reader.h"
#include "testbed/caller.h"
#include "testbed/demo.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

/// A small call that needs no network, with two raw frames.
SceneOptions SmallScene() {
  SceneOptions options;
  options.seed = 5;
  options.size = {192, 108};
  options.frames = 24;
  options.frame_rate = 8;
  options.look = 1;
  options.engine = "mediapipe";
  options.oracle.emplace();
  options.raw = {{1.0, 2}};
  options.video.bit_rate = 300'000;
  return options;
}

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

std::map<std::string, std::string> AllFiles(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[fs::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

bool SameBytes(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() &&
         std::memcmp(a.data, b.data, a.total() * a.elemSize()) == 0;
}

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
  options.oracle->lag_frames = 0;
  options.oracle->dilate_px = 0;
  options.oracle->blobs = 0;
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
  EXPECT_EQ(read->options_json, made->options_json);
  ASSERT_EQ(read->leaks.size(), made->leaks.size());
  EXPECT_EQ(read->leaks[20].weighted_px, made->leaks[20].weighted_px);
  EXPECT_EQ(read->leaks[20].edge_px, made->leaks[20].edge_px);
  ASSERT_EQ(read->texts.size(), made->texts.size());
  EXPECT_EQ(read->texts[0].text, made->texts[0].text);
  EXPECT_TRUE(SameBytes(read->room, made->room));
  EXPECT_TRUE(SameBytes(read->wallpaper, made->wallpaper));
  EXPECT_TRUE(SameBytes(read->uncovered, made->uncovered));
  EXPECT_TRUE(SameBytes(read->always_caller, made->always_caller));
  EXPECT_LE(cv::norm(read->leak_alpha, made->leak_alpha, cv::NORM_INF), 1.0 / 255.0);
}

/// Raises `highest` to `alpha` where nothing of the caller lies in the square of `side` around a pixel.
void RaiseWhereClear(const cv::Mat1b& caller, const cv::Mat1b& alpha, int side, cv::Mat1b* highest) {
  cv::Mat1b grown;
  cv::dilate(caller, grown, cv::Mat1b(side, side, uint8_t{1}));
  for (int y = 0; y < grown.rows; ++y)
    for (int x = 0; x < grown.cols; ++x)
      if (grown(y, x) == 0) (*highest)(y, x) = std::max((*highest)(y, x), alpha(y, x));
}

TEST_F(SceneFiles, LeakAgreesWithRecomputationFromTheWrittenFrames) {
  SceneOptions options = SmallScene();
  options.write_frames = true;
  const auto truth = GenerateScene(options, Folder("a"), nullptr, {});
  ASSERT_TRUE(truth.ok()) << truth.error().message;
  // Pictures are read back with 8 bits, which loses the matte's faintest fringe: growing by 5 gives an edge
  // band that may be too narrow, by 7 one that may be too wide. The truth lies between.
  cv::Mat1b upper(options.size, 0), lower(options.size, 0);
  for (int64_t frame = 0; frame < truth->frames; ++frame) {
    if (std::find(truth->raw_frames.begin(), truth->raw_frames.end(), frame) != truth->raw_frames.end())
      continue;
    const std::string stem = fmt::format("{}/truth/frames/{:06}_", Folder("a"), frame);
    const auto caller = media::ReadGreyPicture(stem + "caller.png");
    const auto alpha = media::ReadGreyPicture(stem + "alpha.png");
    ASSERT_TRUE(caller.ok() && alpha.ok());
    RaiseWhereClear(*caller, *alpha, 5, &upper);
    RaiseWhereClear(*caller, *alpha, 7, &lower);
  }
  constexpr float kStep = 1.01F / 255.0F;
  for (int y = 0; y < upper.rows; ++y) {
    for (int x = 0; x < upper.cols; ++x) {
      ASSERT_LE(truth->leak_alpha(y, x), static_cast<float>(upper(y, x)) / 255.0F + kStep) << x << ", " << y;
      ASSERT_GE(truth->leak_alpha(y, x), static_cast<float>(lower(y, x)) / 255.0F - kStep) << x << ", " << y;
    }
  }
  EXPECT_GT(cv::countNonZero(lower), 500);
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
  EXPECT_EQ(one.size(), 7U + 20U);
  EXPECT_TRUE(one == AllFiles(Folder("four")));
  EXPECT_FALSE(one == AllFiles(Folder("other")));
}

TEST_F(SceneFiles, LosslessCallIsExact) {
  SceneOptions options = SmallScene();
  options.frames = 3;
  options.video = {};
  options.video.codec = "ffv1";
  options.video.pixel_format = "bgr0";
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
  future.replace(future.find("\"format\": 1"), 11, "\"format\": 9");
  EXPECT_EQ(code_with(future), "kUnsupported");
}

TEST(SceneOptions, RefusesNonsense) {
  EXPECT_TRUE(SceneOptions().Validate().ok());
  const auto refused = [](const auto& change) {
    SceneOptions options = SmallScene();
    change(&options);
    return !Scene::Create(options).ok();
  };
  EXPECT_FALSE(refused([](SceneOptions*) {}));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->size = {0, 720}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->size = {1280, 100000}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->frames = 0; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->frame_rate = 0; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->look = kPresetLooks; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->motion.sway_m = 2; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->oracle->blobs = -1; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->raw = {{-1.0, 3}}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->engine = "no such engine"; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->render_height_px = 2; }));
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
