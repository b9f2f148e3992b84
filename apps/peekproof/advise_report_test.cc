// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace peekproof::cli {
namespace {

using advise::Advice;
using advise::SettingResult;
using ::testing::HasSubstr;
using ::testing::Not;

SettingResult Setting(const std::string& name, const std::string& engine, double leak,
                      std::optional<double> lost) {
  return {.remedy = {.setting = name, .engine = engine, .action = "Do it."},
          .leak = leak,
          .least = leak / 2,
          .largest = leak * 2,
          .lost = lost,
          .closed = 0.04,
          .ms = 6.5};
}

Advice OnTestBed() {
  Advice advice;
  advice.input_name = "call.mp4";
  advice.verdict_sentence = "The virtual background leaks.";
  advice.engine = "meet";
  advice.engine_probability = 0.93;
  advice.traits = {.caller_share = 0.26, .speed_per_s = 0.3, .sweep = 0.4};
  advice.nearest = advise::NearestCase(advice.traits);
  advice.tried_size = {1280, 720};
  advice.frame_rate = 25;
  advice.trials = {.settings = {Setting("guard, set-up shot", "guard", 0.0002, 0.06),
                                Setting("meet(defend_clip=0.5)", "meet(defend_clip=0.5)", 0.02, 0.05),
                                Setting(audit::kAsItIs, "meet", 0.033, 0.05)},
                   .calls = 3,
                   .frames = 75};
  return advice;
}

Advice OnCamera() {
  Advice advice = OnTestBed();
  advice.on_camera = true;
  advice.nearest.reset();
  advice.trials.calls = 1;
  for (SettingResult& result : advice.trials.settings) result.lost.reset();
  return advice;
}

TEST(AdviceSentences, SayWhatALaymanUnderstands) {
  EXPECT_EQ(AdviceSentences(OnTestBed()),
            "guard, set-up shot would have shown 0.02 % of the room instead of 3.3 %.\n"
            "Without another program, meet(defend_clip=0.5) would have shown 2.0 %.\n");
}

TEST(AdviceSentences, SayLessThanWhereNothingWasMeasured) {
  Advice advice = OnTestBed();
  advice.trials.settings[0].leak = 0;
  EXPECT_THAT(AdviceSentences(advice), HasSubstr("would have shown less than 0.01 % of the room"));
}

TEST(AdviceSentences, SayWhereNothingHelps) {
  Advice advice = OnTestBed();
  advice.trials.settings.erase(advice.trials.settings.begin(), advice.trials.settings.begin() + 2);
  EXPECT_THAT(AdviceSentences(advice), HasSubstr("None of these settings"));
  advice.trials.settings.clear();
  EXPECT_THAT(AdviceSentences(advice), HasSubstr("was not tried"));
}

TEST(AdviceText, HasCaseTableAndActions) {
  const std::string text = AdviceText(OnTestBed());
  EXPECT_THAT(text, HasSubstr("meet, guessed, 93 % sure"));
  EXPECT_THAT(text, HasSubstr("nearest     interview, 0.82 m"));
  EXPECT_THAT(text, HasSubstr("3 drawn calls of 75 frames, 1280x720 at 25 a second"));
  EXPECT_THAT(text, HasSubstr("0.010 to 0.040"));
  EXPECT_THAT(text, HasSubstr("1/165"));
  EXPECT_THAT(text, HasSubstr("guard, set-up shot: Do it."));
  EXPECT_THAT(text, Not(HasSubstr("partial")));
}

TEST(AdviceText, OnTheCameraSaysThatItIsAnEstimate) {
  EXPECT_THAT(AdviceText(OnCamera()), HasSubstr("estimate without truth or empty room (--plate)"));
  Advice advice = OnCamera();
  advice.has_plate = true;
  EXPECT_THAT(AdviceText(advice), HasSubstr("reads up to 2.7 % behind guard"));
}

TEST(AdviceText, SaysThatItWasStopped) {
  Advice advice = OnTestBed();
  advice.trials.interrupted = true;
  EXPECT_THAT(AdviceText(advice), HasSubstr("stopped early"));
}

TEST(AdviceJson, HasAllThatTheTextHas) {
  const auto json = nlohmann::json::parse(AdviceJson(OnTestBed()));
  EXPECT_EQ(json.at("schema"), 1);
  EXPECT_EQ(json.at("engine").at("used"), "meet");
  EXPECT_DOUBLE_EQ(json.at("engine").at("probability"), 0.93);
  EXPECT_EQ(json.at("tried").at("on"), "test_bed");
  EXPECT_EQ(json.at("tried").at("case").at("name"), "interview, 0.82 m");
  EXPECT_EQ(json.at("settings").size(), 3U);
  const auto& first = json.at("settings").at(0);
  EXPECT_EQ(first.at("setting"), "guard, set-up shot");
  EXPECT_EQ(first.at("action"), "Do it.");
  EXPECT_NEAR(first.at("factor").get<double>(), 0.0002 / 0.033, 1e-12);
  EXPECT_DOUBLE_EQ(first.at("caller_lost"), 0.06);
  EXPECT_EQ(json.at("best"), "guard, set-up shot");
  EXPECT_EQ(json.at("best_of_the_engine"), "meet(defend_clip=0.5)");
  EXPECT_EQ(json.at("complete"), true);
}

TEST(AdviceJson, HasNullsWhereNothingIsKnown) {
  Advice advice = OnCamera();
  advice.engine_probability.reset();
  advice.trials.settings.erase(advice.trials.settings.begin(), advice.trials.settings.end() - 1);
  const auto json = nlohmann::json::parse(AdviceJson(advice));
  EXPECT_TRUE(json.at("engine").at("probability").is_null());
  EXPECT_TRUE(json.at("tried").at("case").is_null());
  EXPECT_TRUE(json.at("settings").at(0).at("caller_lost").is_null());
  EXPECT_TRUE(json.at("best").is_null());
}

}  // namespace
}  // namespace peekproof::cli
