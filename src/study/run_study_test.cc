// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/run_study.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string_view>

#include "study/attack_rows.h"
#include "study/study_store.h"
#include "study/test_study.h"
#include "testbed/scene.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Asks for a stop when a stage begins.
class StopAt : public ProgressSink {
 public:
  explicit StopAt(std::string stage) : stage_(std::move(stage)) {}
  void Report(std::string_view stage, int64_t /*done*/, int64_t /*total*/) override {
    if (stage.starts_with(stage_)) stop_.request_stop();
  }
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::string stage_;
  std::stop_source stop_;
};

/// Two small calls that need no network to be made, and a broken one.
class RunStudyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TestFolder("run_study");
    for (const char* engine : {"jitsi", "mediapipe"}) {
      testbed::SceneOptions options;
      options.size = {192, 108};
      options.frames = 30;
      options.foreground.look = 1;
      options.engine = engine;
      options.use_oracle = true;
      options.oracle.blobs = 8;
      options.write_frames = false;
      options.channel.bit_rate = 400'000;
      ASSERT_TRUE(
          testbed::GenerateScene(options, *folder_ / fmt::format("set/{}", engine), nullptr, {}).ok());
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  StudyPlan Plan() const {
    StudyPlan plan;
    plan.set_path = *folder_ / "set";
    plan.attacks = {"seeing-through", "unmix"};
    plan.caller_models = {"selfie"};
    return plan;
  }
  static StudyData Read(const std::string& folder) {
    auto store = StudyStore::OpenExisting(folder);
    EXPECT_TRUE(store.ok()) << store.error().message;
    auto data = store->Read();
    EXPECT_TRUE(data.ok()) << data.error().message;
    return *std::move(data);
  }

  static TestFolder* folder_;
  const TestFolder study_{"run_study_out"};
};

TestFolder* RunStudyTest::folder_ = nullptr;

TEST_F(RunStudyTest, MakesEveryRowOnce) {
  const auto first = RunStudy(Plan(), study_.path(), 0, nullptr, {});
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_TRUE(first->complete());
  EXPECT_EQ(first->scenes, 2);
  EXPECT_EQ(first->made, 10) << "of each scene two attacks, the wallpaper, two ceilings";
  const StudyData data = Read(study_.path());
  ASSERT_EQ(data.rows.size(), 10U);
  const size_t recall = MetricIndex("weighted_recall_10");
  for (const StudyRow& row : data.rows) {
    EXPECT_TRUE(row.done()) << row.error;
    EXPECT_EQ(row.scores.curve.size(), 20U);
    if (row.key.attack == kOracleUnblended) {
      EXPECT_GT(row.scores.values[recall], 0.8);
    }
    EXPECT_EQ(fs::exists(StudyStore::PicturePath(study_.path(), row.id)), row.key.attack != kWallpaper);
    if (IsReference(row.key.attack)) continue;
    EXPECT_EQ(row.key.caller_model, "selfie");
    EXPECT_GT(row.frames, 20);
    EXPECT_GT(row.ms_per_frame(), 0);
  }
  const auto second = RunStudy(Plan(), study_.path(), 0, nullptr, {});
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->made, 0);
  EXPECT_EQ(second->present, 10);
  EXPECT_EQ(Read(study_.path()).runs.size(), 1U) << "a run that made nothing is none";
}

TEST_F(RunStudyTest, GoesOnBehindAnInterruption) {
  StopAt second_scene("scene 2 of 2");
  const auto first = RunStudy(Plan(), study_.path(), 0, &second_scene, second_scene.token());
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_TRUE(first->interrupted);
  EXPECT_EQ(first->made, 5);
  EXPECT_EQ(Read(study_.path()).rows.size(), 5U) << "the finished scene, and nothing of the other";
  const auto second = RunStudy(Plan(), study_.path(), 0, nullptr, {});
  ASSERT_TRUE(second.ok());
  EXPECT_TRUE(second->complete());
  EXPECT_EQ(second->present, 5);
  EXPECT_EQ(second->made, 5);
}

TEST_F(RunStudyTest, AddsAttacksLaterAndRunsOneRowAgain) {
  StudyPlan plan = Plan();
  plan.set_path = *folder_ / "set/jitsi";
  plan.attacks = {"unmix"};
  ASSERT_EQ(RunStudy(plan, study_.path(), 0, nullptr, {})->made, 4) << "a single scene";
  plan.attacks = {"unmix", "zoomg"};
  ASSERT_EQ(RunStudy(plan, study_.path(), 0, nullptr, {})->made, 1);
  const StudyData before = Read(study_.path());
  const auto unmix = std::find_if(before.rows.begin(), before.rows.end(),
                                  [](const StudyRow& row) { return row.key.attack == "unmix"; });
  ASSERT_NE(unmix, before.rows.end());
  const auto again = RunRow(plan, study_.path(), unmix->id, 1, nullptr, {});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->id, unmix->id);
  const StudyData after = Read(study_.path());
  ASSERT_EQ(after.rows.size(), before.rows.size());
  EXPECT_EQ(after.rows[0].run, 3) << "it is the third run's now";
  const size_t recall = MetricIndex("recall_10");
  EXPECT_EQ(after.rows[0].scores.values[recall], before.rows[0].scores.values[recall])
      << "neither threads nor other attacks change a score";
  const auto missing = RunRow(plan, study_.path(), 99, 1, nullptr, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("no row 99"));
}

TEST_F(RunStudyTest, AFailedSceneIsNotedAndTheOthersGoOn) {
  const std::string set = study_ / "set";
  fs::create_directory(set);
  fs::copy(*folder_ / "set", set, fs::copy_options::recursive);
  std::ofstream(set + "/jitsi/call.mp4", std::ios::trunc) << "no video";
  StudyPlan plan = Plan();
  plan.set_path = set;
  plan.attacks = {"unmix"};
  const auto outcome = RunStudy(plan, study_ / "out", 0, nullptr, {});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_FALSE(outcome->complete());
  ASSERT_EQ(outcome->failed.size(), 1U);
  EXPECT_EQ(outcome->failed[0].first, "jitsi, unmix, selfie");
  EXPECT_EQ(outcome->made, 7) << "the other scene, and this one's references";
  fs::copy(*folder_ / "set/jitsi/call.mp4", set + "/jitsi/call.mp4", fs::copy_options::overwrite_existing);
  const auto again = RunStudy(plan, study_ / "out", 0, nullptr, {});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->made, 1) << "what failed is tried again";
  EXPECT_TRUE(again->complete());
}

TEST_F(RunStudyTest, MakesTheSetOfAMatrix) {
  std::ofstream(study_ / "set.toml") << R"(
[scene]
size = "160x90"
frames = 12
oracle = true
look = 1
[vary]
engine = ["jitsi", "meet"]
)";
  StudyPlan plan = Plan();
  plan.set_path.clear();
  plan.set_matrix = study_ / "set.toml";
  plan.attacks = {"seeing-through"};
  plan.true_wallpaper = true;
  StopAt second_scene("scene 2 of 2");
  const auto stopped = RunStudy(plan, study_ / "out", 0, &second_scene, second_scene.token());
  ASSERT_TRUE(stopped.ok()) << stopped.error().message;
  EXPECT_TRUE(stopped->interrupted);
  EXPECT_EQ(stopped->made, 0) << "while the second scene was made";
  EXPECT_TRUE(fs::exists(study_ / "out/set/0000_jitsi/truth/scene.json"));
  const auto outcome = RunStudy(plan, study_ / "out", 0, nullptr, {});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome->made, 8);
  const StudyData data = Read(study_ / "out");
  EXPECT_EQ(data.scenes[0].path, "set/0000_jitsi");
  EXPECT_EQ(data.scenes[1].engine, "meet");
  ASSERT_TRUE(RunRow(plan, study_ / "out", 1, 0, nullptr, {}).ok()) << "relative paths are the study's";
}

TEST_F(RunStudyTest, ASceneThatCannotBeMadeIsNoted) {
  std::ofstream(study_ / "broken.jpg") << "no picture";
  std::ofstream(study_ / "set.toml") << R"(
[scene]
size = "160x90"
frames = 12
oracle = true
look = 1
engine = "jitsi"
[vary]
room = ["drawn", "broken.jpg"]
)";
  StudyPlan plan = Plan();
  plan.set_path.clear();
  plan.set_matrix = study_ / "set.toml";
  plan.attacks = {"unmix"};
  const auto outcome = RunStudy(plan, study_ / "out", 0, nullptr, {});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome->made, 4);
  ASSERT_EQ(outcome->failed.size(), 2U) << "the attack and the wallpaper";
  EXPECT_EQ(outcome->failed[0].first, "0001_broken, unmix, selfie");
  EXPECT_THAT(outcome->failed[0].second, HasSubstr("broken.jpg"));
  EXPECT_EQ(Read(study_ / "out").scenes.size(), 2U);
}

TEST_F(RunStudyTest, OptionsThatNoSceneCouldUseFailAtOnce) {
  StudyPlan plan = Plan();
  plan.other_room = "/no/such/room.jpg";
  EXPECT_EQ(RunStudy(plan, study_.path(), 0, nullptr, {}).error().code, ErrorCode::kNotFound);
  plan = Plan();
  plan.caller_models = {"no-such-model"};
  EXPECT_FALSE(RunStudy(plan, study_.path(), 0, nullptr, {}).ok());
  plan = Plan();
  plan.set_path = study_ / "nowhere";
  EXPECT_EQ(RunStudy(plan, study_.path(), 0, nullptr, {}).error().code, ErrorCode::kNotFound);
}

TEST(AttackedEngine, IsTheScenesOwnWithOurProfileOfABrowsers) {
  StudyPlan plan;
  testbed::SceneTruth truth;
  truth.engine = "meet(wrap=0.3)";
  EXPECT_EQ(AttackedEngine(plan, truth), "meet(wrap=0.3)");
  truth.engine = "browser:twilio";
  EXPECT_EQ(AttackedEngine(plan, truth), "twilio");
  plan.engine = "jitsi";
  EXPECT_EQ(AttackedEngine(plan, truth), "jitsi");
}

}  // namespace
}  // namespace peekproof::study
