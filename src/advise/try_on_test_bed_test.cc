// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/try_on_test_bed.h"

#include <gtest/gtest.h>

#include <functional>

#include "advise/call_case.h"

namespace peekproof::advise {
namespace {

constexpr int kTestBedFrames = 12;

/// A tiny call whose engines' network is an oracle, so that no model is needed.
testbed::SceneOptions TinyScene() {
  testbed::SceneOptions scene = SceneOf(CallCases()[4], {192, 108}, 10, kTestBedFrames);
  scene.foreground.render_height_px = 108;
  scene.use_oracle = true;
  return scene;
}

std::vector<audit::Remedy> Remedies() {
  auto remedies = audit::RemediesFor("mediapipe", {"mediapipe(defend_choke=4)", "guard"});
  EXPECT_TRUE(remedies.ok());
  return *remedies;
}

/// Calls back with the number of reports so far.
class Watcher : public ProgressSink {
 public:
  explicit Watcher(std::function<void(int)> seen) : seen_(std::move(seen)) {}
  void Report(std::string_view stage, int64_t done, int64_t total) override {
    EXPECT_EQ(stage, "try");
    EXPECT_LE(done, total);
    seen_(++reports_);
  }

 private:
  std::function<void(int)> seen_;
  int reports_ = 0;
};

TEST(TryOnTestBed, FindsWhatClosesTheLeak) {
  const auto results = TryOnTestBed(TinyScene(), Remedies(), 2, nullptr, {});
  ASSERT_TRUE(results.ok()) << results.error().message;
  EXPECT_EQ(results->calls, 2);
  EXPECT_EQ(results->frames, kTestBedFrames);
  EXPECT_FALSE(results->interrupted);
  ASSERT_EQ(results->settings.size(), 4U);
  const SettingResult& as_it_is = results->settings[0];
  const SettingResult& choked = results->settings[1];
  const SettingResult& guard_set_up = results->settings[3];
  EXPECT_EQ(as_it_is.remedy.setting, audit::kAsItIs);
  EXPECT_GT(as_it_is.leak, 0.001);
  EXPECT_LT(choked.leak, as_it_is.leak);
  EXPECT_GT(*choked.lost, *as_it_is.lost);
  EXPECT_LT(guard_set_up.leak, 0.2 * as_it_is.leak);
  for (const SettingResult& result : results->settings) {
    EXPECT_LE(result.least, result.leak);
    EXPECT_GE(result.largest, result.leak);
    EXPECT_GT(result.ms, 0);
  }
}

TEST(TryOnTestBed, GivesTheSameAgain) {
  const auto first = TryOnTestBed(TinyScene(), Remedies(), 1, nullptr, {});
  const auto second = TryOnTestBed(TinyScene(), Remedies(), 1, nullptr, {});
  ASSERT_TRUE(first.ok() && second.ok());
  for (size_t i = 0; i < first->settings.size(); ++i) {
    EXPECT_EQ(first->settings[i].leak, second->settings[i].leak);
    EXPECT_EQ(first->settings[i].lost, second->settings[i].lost);
  }
}

TEST(TryOnTestBed, AStopInTheFirstCallKeepsWhatWasSeen) {
  std::stop_source stop;
  Watcher watcher([&](int reports) {
    if (reports == 5) stop.request_stop();
  });
  const auto results = TryOnTestBed(TinyScene(), Remedies(), 2, &watcher, stop.get_token());
  ASSERT_TRUE(results.ok());
  EXPECT_TRUE(results->interrupted);
  EXPECT_EQ(results->calls, 1);
  EXPECT_EQ(results->frames, 5);
}

TEST(TryOnTestBed, AStopInALaterCallKeepsTheFinishedOnes) {
  std::stop_source stop;
  Watcher watcher([&](int reports) {
    if (reports == kTestBedFrames + 5) stop.request_stop();
  });
  const auto results = TryOnTestBed(TinyScene(), Remedies(), 3, &watcher, stop.get_token());
  ASSERT_TRUE(results.ok());
  EXPECT_TRUE(results->interrupted);
  EXPECT_EQ(results->calls, 1);
  EXPECT_EQ(results->frames, kTestBedFrames);
}

TEST(TryOnTestBed, AStopBeforeTheFirstFrameIsAnError) {
  std::stop_source stop;
  stop.request_stop();
  const auto results = TryOnTestBed(TinyScene(), Remedies(), 1, nullptr, stop.get_token());
  ASSERT_FALSE(results.ok());
  EXPECT_EQ(results.error().code, ErrorCode::kInterrupted);
}

TEST(TryOnTestBed, AnEngineThatIsNotThereIsAnError) {
  const auto results =
      TryOnTestBed(TinyScene(), {{.setting = "x", .engine = "no-such-engine"}}, 1, nullptr, {});
  ASSERT_FALSE(results.ok());
  EXPECT_EQ(results.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::advise
