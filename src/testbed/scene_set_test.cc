// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_set.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/parallel.h"
#include "testbed/generate_set.h"
#include "testbed/scene_parameters.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SceneSetFiles : public testing::Test {
 protected:
  SceneSetFiles() {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / fmt::format("peekproof_set_{}_{}", info->name(), ::getpid());
    fs::create_directories(root_);
  }
  ~SceneSetFiles() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  void Touch(const std::string& name) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "x";
  }

  fs::path root_;
};

Axis Numbers(const std::string& option, int count) {
  Axis axis{option, {}, {}};
  for (int i = 0; i < count; ++i) axis.values.push_back(fmt::format("{}", i + 1));
  return axis;
}

SceneSetPlan FourAxes(int scenes) {
  SceneSetPlan plan;
  plan.axes = {Numbers("oracle_lag", 5),
               Numbers("oracle_dilate", 4),
               Numbers("oracle_blobs", 7),
               {"engine", {"meet", "jitsi", "zoom"}, {}}};
  plan.scenes = scenes;
  return plan;
}

TEST(ChooseScenes, AllCombinationsComeOnce) {
  const std::vector<PlannedScene> scenes = ChooseScenes(FourAxes(0));
  EXPECT_EQ(scenes.size(), 5U * 4 * 7 * 3);
  std::set<std::vector<std::pair<std::string, std::string>>> varied;
  std::set<std::string> names;
  std::set<uint64_t> seeds;
  for (const PlannedScene& scene : scenes) {
    varied.insert(scene.varied);
    names.insert(scene.name);
    seeds.insert(scene.options.seed);
  }
  EXPECT_EQ(varied.size(), scenes.size());
  EXPECT_EQ(names.size(), scenes.size());
  EXPECT_EQ(seeds.size(), scenes.size());
  EXPECT_EQ(scenes[1].name, "0001_1_1_1_jitsi");
  EXPECT_EQ(scenes[1].options.engine, "jitsi");
  EXPECT_EQ(scenes[1].options.oracle.lag_frames, 1);
}

TEST(ChooseScenes, AThinnedSetIsBalancedInValuesAndPairs) {
  constexpr int kScenes = 60;
  const std::vector<PlannedScene> scenes = ChooseScenes(FourAxes(kScenes));
  ASSERT_EQ(scenes.size(), 60U);
  std::map<std::string, int> values;
  std::map<std::string, int> pairs;
  for (const PlannedScene& scene : scenes) {
    for (size_t a = 0; a < scene.varied.size(); ++a) {
      ++values[scene.varied[a].first + scene.varied[a].second];
      for (size_t b = 0; b < a; ++b)
        ++pairs[scene.varied[a].first + scene.varied[a].second + scene.varied[b].first +
                scene.varied[b].second];
    }
  }
  for (int i = 1; i <= 5; ++i) EXPECT_NEAR(values[fmt::format("oracle_lag{}", i)], 12, 1);
  for (int i = 1; i <= 7; ++i) EXPECT_NEAR(values[fmt::format("oracle_blobs{}", i)], 60 / 7.0, 1);
  EXPECT_NEAR(values["enginemeet"], 20, 1);
  // 5 x 4 pairs have a fair share of 3, 3 x 7 one of 2.9, 7 x 5 one of 1.7.
  for (int lag = 1; lag <= 5; ++lag) {
    for (int dilate = 1; dilate <= 4; ++dilate)
      EXPECT_NEAR(pairs[fmt::format("oracle_dilate{}oracle_lag{}", dilate, lag)], 3, 1);
    for (int blobs = 1; blobs <= 7; ++blobs)
      EXPECT_NEAR(pairs[fmt::format("oracle_blobs{}oracle_lag{}", blobs, lag)], 1.7, 1.3);
  }
}

TEST(ChooseScenes, IsAFunctionOfThePlan) {
  SceneSetPlan plan = FourAxes(20);
  const auto names = [&] {
    std::vector<std::string> all;
    for (const PlannedScene& scene : ChooseScenes(plan)) all.push_back(scene.name);
    return all;
  };
  const std::vector<std::string> once = names();
  EXPECT_EQ(names(), once);
  plan.seed = 2;
  EXPECT_NE(names(), once);
}

TEST(ChooseScenes, DrawsFromMoreCombinationsThanItCanTry) {
  SceneSetPlan plan;
  for (const char* option : {"oracle_lag", "oracle_dilate", "oracle_blobs", "oracle_blob_radius"})
    plan.axes.push_back(Numbers(option, 20));
  plan.scenes = 40;
  const std::vector<PlannedScene> scenes = ChooseScenes(plan);
  EXPECT_EQ(scenes.size(), 40U);
  std::map<std::string, int> lags;
  for (const PlannedScene& scene : scenes) ++lags[scene.varied[0].second];
  EXPECT_EQ(lags.size(), 20U);
}

TEST_F(SceneSetFiles, ReadsASetFile) {
  for (const char* name : {"rooms/b.jpg", "rooms/a.jpg", "rooms/c.png"}) Touch(name);
  const auto plan = ParseSceneSet(R"toml(
[scene]
frames = 12
size = "320x180"
oracle = true
room = "rooms/c.png"
[vary]
room = ["drawn", "rooms/*.jpg"]
engine = ["meet", "jitsi(mode=image)"]
fps = [12.5, 25]
[design]
scenes = 5
seed = 7
)toml",
                                  root_.string());
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(plan->common.frames, 12);
  EXPECT_TRUE(plan->common.use_oracle);
  EXPECT_EQ(plan->common.room, (root_ / "rooms/c.png").string());
  ASSERT_EQ(plan->axes.size(), 3U);
  EXPECT_EQ(plan->axes[0].option, "room") << "axes come in the file's order";
  EXPECT_THAT(plan->axes[0].values, testing::ElementsAre("drawn", (root_ / "rooms/a.jpg").string(),
                                                         (root_ / "rooms/b.jpg").string()));
  EXPECT_THAT(plan->axes[2].values, testing::ElementsAre("12.5", "25"));
  EXPECT_EQ(plan->scenes, 5);
  EXPECT_EQ(plan->seed, 7U);
}

TEST_F(SceneSetFiles, OptionsCanGoAlongWithAValue) {
  for (const char* name : {"clips/a.mp4", "clips/b.mp4"}) Touch(name);
  const auto plan = ParseSceneSet(R"toml(
[vary]
person = ["drawn", { person = "clips/*.mp4", key_low = 5, key_drop = "0:0:0.1:1" }]
)toml",
                                  root_.string());
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  const std::vector<PlannedScene> scenes = ChooseScenes(*plan);
  ASSERT_EQ(scenes.size(), 3U);
  EXPECT_EQ(scenes[0].options.foreground.key.low, KeyOptions().low);
  EXPECT_TRUE(scenes[0].options.foreground.key.drop.empty());
  for (const size_t i : {1U, 2U}) {
    EXPECT_EQ(scenes[i].options.foreground.key.low, 5);
    ASSERT_EQ(scenes[i].options.foreground.key.drop.size(), 1U);
  }
}

TEST_F(SceneSetFiles, SaysWhatIsWrongAndWhere) {
  const auto message = [&](const std::string& text) {
    const auto plan = ParseSceneSet(text, root_.string());
    return plan.ok() ? std::string("ok") : plan.error().message;
  };
  EXPECT_EQ(message(""), "ok");
  EXPECT_THAT(message("[scene]\nframes = "), HasSubstr("line 2 of the set file"));
  EXPECT_THAT(message("[scene]\ncolour = 3"), HasSubstr("line 2 of the set file: scene option has no"));
  EXPECT_THAT(message("[scene]\nframes = 0"), HasSubstr("from 1 to"));
  EXPECT_THAT(message("[scene]\nframes = [1]"), HasSubstr("expected a text, a number"));
  EXPECT_THAT(message("[vary]\nengine = \"meet\""), HasSubstr("must be a list"));
  EXPECT_THAT(message("[vary]\nengine = []"), HasSubstr("must be a list with values"));
  EXPECT_THAT(message("[vary]\nnoise = [1, 99]"), HasSubstr("from 0 to 20"));
  EXPECT_THAT(message("[vary]\nroom = [\"no/*.jpg\"]"), HasSubstr("no file is named so"));
  EXPECT_THAT(message("[vary]\nlook = [{ held = \"mug\" }]"), HasSubstr("the table has no look"));
  EXPECT_THAT(message("[vary]\nlook = [{ look = 1, held = \"cat\" }]"), HasSubstr("give one of"));
  EXPECT_THAT(message("[scene]\nlook = { look = 1 }"), HasSubstr("tables go under [vary]"));
  EXPECT_THAT(message("[design]\nscenes = -1"), HasSubstr("whole number from 0"));
  EXPECT_THAT(message("[design]\nscene = 1"), HasSubstr("it has scenes and seed"));
  EXPECT_THAT(message("[other]\na = 1"), HasSubstr("there are [scene], [vary] and [design]"));
  EXPECT_THAT(message("scene = 1"), HasSubstr("is not a section"));
  EXPECT_EQ(ReadSceneSet((root_ / "no.toml").string()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReadSceneSet(root_.string()).error().code, ErrorCode::kIo);
}

SceneSetPlan TinySet() {
  SceneSetPlan plan;
  plan.common.size = {96, 54};
  plan.common.frames = 9;
  plan.common.use_oracle = true;
  plan.common.engine = "mediapipe";
  plan.axes = {{"look", {"0", "1"}, {}}, {"wallpaper", {"beach", "office"}, {}}};
  return plan;
}

/// Asks to stop in the middle of the third scene.
class StopInTheThird : public ProgressSink {
 public:
  void Report(std::string_view stage, int64_t done, int64_t) override {
    if (stage == "scene 3 of 4" && done == 2) source.request_stop();
  }
  std::stop_source source;
};

TEST_F(SceneSetFiles, GoesOnWhereItWasInterruptedAndEndsTheSame) {
  const std::vector<PlannedScene> scenes = ChooseScenes(TinySet());
  StopInTheThird sink;
  const std::string cut = (root_ / "cut").string();
  auto result = GenerateSet(scenes, cut, &sink, sink.source.get_token());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_TRUE(result->interrupted);
  EXPECT_EQ(result->made, 2);
  EXPECT_EQ(ReadSetNumbers(cut)->size(), 2U);
  result = GenerateSet(scenes, cut, nullptr, {});
  ASSERT_TRUE(result.ok() && result->complete());
  EXPECT_EQ(result->present, 2);
  EXPECT_EQ(result->made, 2);
  {
    const ThreadLimit limit(1);
    ASSERT_TRUE(GenerateSet(scenes, (root_ / "whole").string(), nullptr, {}).ok());
  }
  EXPECT_TRUE(AllFiles(cut) == AllFiles(root_ / "whole"));
}

TEST_F(SceneSetFiles, OneBadSceneDoesNotKeepTheOthersBack) {
  SceneSetPlan plan = TinySet();
  plan.axes = {{"engine", {"mediapipe", "no such engine"}, {}}};
  const auto result = GenerateSet(ChooseScenes(plan), root_.string(), nullptr, {});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->made, 1);
  ASSERT_EQ(result->failed.size(), 1U);
  EXPECT_THAT(result->failed[0].error.message, HasSubstr("no such engine"));
  EXPECT_FALSE(result->complete());
}

TEST_F(SceneSetFiles, AnotherSetInTheFolderIsNotTouched) {
  SceneSetPlan plan = TinySet();
  plan.axes = {{"look", {"0"}, {}}};
  ASSERT_TRUE(GenerateSet(ChooseScenes(plan), root_.string(), nullptr, {}).ok());
  plan.common.frames = 5;
  const auto result = GenerateSet(ChooseScenes(plan), root_.string(), nullptr, {});
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().message, HasSubstr("other options"));
}

}  // namespace
}  // namespace peekproof::testbed
