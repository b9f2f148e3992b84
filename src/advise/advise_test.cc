// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/advise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace peekproof::advise {
namespace {

using ::testing::HasSubstr;

SettingResult Setting(const std::string& name, const std::string& engine, double leak,
                      std::optional<double> lost, bool setup = false) {
  return {.remedy = {.setting = name, .engine = engine, .setup = setup},
          .leak = leak,
          .least = leak,
          .largest = leak,
          .lost = lost};
}

Advice AdviceOf(std::vector<SettingResult> settings) {
  Advice advice;
  advice.engine = "meet";
  advice.trials.settings = std::move(settings);
  return advice;
}

TEST(Advice, RecommendsWhatLosesLeastOfThoseThatLeakEquallyLittle) {
  const Advice advice =
      AdviceOf({Setting("guard(strength=strict)", "guard(strength=strict)", 0.0001, 0.2, true),
                Setting("guard", "guard", 0.0003, 0.06, true), Setting("zoom", "zoom", 0.01, 0.01),
                Setting(audit::kAsItIs, "meet", 0.03, 0.05)});
  ASSERT_NE(advice.Best(), nullptr);
  EXPECT_EQ(advice.Best()->remedy.setting, "guard");
}

TEST(Advice, TellsTheBestOfTheSameEngine) {
  const Advice advice = AdviceOf({Setting("guard", "guard", 0.0003, 0.06, true),
                                  Setting("meet(defend_clip=0.5)", "meet(defend_clip=0.5)", 0.02, 0.05),
                                  Setting(audit::kAsItIs, "meet", 0.03, 0.05)});
  ASSERT_NE(advice.BestOfTheEngine(), nullptr);
  EXPECT_EQ(advice.BestOfTheEngine()->remedy.setting, "meet(defend_clip=0.5)");
}

TEST(Advice, RecommendsNothingThatLeaksMore) {
  const Advice advice =
      AdviceOf({Setting(audit::kAsItIs, "meet", 0.01, 0.05), Setting("jitsi", "jitsi", 0.02, 0)});
  EXPECT_EQ(advice.Best(), nullptr);
  EXPECT_EQ(advice.BestOfTheEngine(), nullptr);
}

TEST(Advice, RecommendsAnotherServiceOnTheCameraOnly) {
  Advice advice =
      AdviceOf({Setting("jitsi", "jitsi", 0.01, 0.05), Setting(audit::kAsItIs, "meet", 0.03, 0.05)});
  EXPECT_EQ(advice.Best(), nullptr);
  advice.on_camera = true;
  ASSERT_NE(advice.Best(), nullptr);
  EXPECT_EQ(advice.Best()->remedy.setting, "jitsi");
}

TEST(Advice, RecommendsNothingWhereTheCallAsItIsWasNotTried) {
  EXPECT_EQ(AdviceOf({}).Best(), nullptr);
  EXPECT_EQ(AdviceOf({Setting("guard", "guard", 0, 0)}).Best(), nullptr);
}

TEST(Advice, WithoutTruthTheLeastLeakIsBest) {
  const Advice advice =
      AdviceOf({Setting("guard(strength=strict)", "guard(strength=strict)", 0.0001, {}),
                Setting("guard", "guard", 0.0003, {}), Setting(audit::kAsItIs, "meet", 0.03, {})});
  EXPECT_EQ(advice.Best()->remedy.setting, "guard(strength=strict)");
}

/// A change that makes good options bad, and what the message names.
struct Mistake {
  std::function<void(AdviseOptions*)> make;
  const char* said;
};

TEST(AdviseOptions, NameWhatIsOutOfRange) {
  AdviseOptions good;
  good.audit.input = "call.mp4";
  EXPECT_TRUE(good.Validate().ok());
  const std::vector<Mistake> mistakes = {
      {[](AdviseOptions* o) { o->audit.input.clear(); }, "recording"},
      {[](AdviseOptions* o) { o->audit.start_s = -1; }, "start"},
      {[](AdviseOptions* o) { o->frames = 7; }, "frames"},
      {[](AdviseOptions* o) { o->calls = 0; }, "calls"},
      {[](AdviseOptions* o) { o->camera_frames = 0; }, "camera frames"},
      {[](AdviseOptions* o) { o->plate = "room.png"; }, "--camera"},
      {[](AdviseOptions* o) { o->audit.engine = "nobody"; }, "nobody"},
      {[](AdviseOptions* o) {
         o->settings = {"meet", "nobody"};
       },
       "nobody"},
  };
  for (const Mistake& mistake : mistakes) {
    AdviseOptions options = good;
    mistake.make(&options);
    const auto valid = options.Validate();
    ASSERT_FALSE(valid.ok()) << mistake.said;
    EXPECT_EQ(valid.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(valid.error().message, HasSubstr(mistake.said));
  }
}

TEST(Advise, NamesARecordingThatIsNotThere) {
  AdviseOptions options;
  options.audit.input = "gone.mp4";
  options.audit.engine = "meet";
  const auto advice = Advise(options, nullptr, {});
  ASSERT_FALSE(advice.ok());
  EXPECT_EQ(advice.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace peekproof::advise
