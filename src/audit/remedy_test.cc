// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/remedy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engines/engine.h"

namespace peekproof::audit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> SettingsOf(const Result<std::vector<Remedy>>& remedies) {
  std::vector<std::string> settings;
  EXPECT_TRUE(remedies.ok());
  if (!remedies.ok()) return settings;
  for (const Remedy& remedy : *remedies) settings.push_back(remedy.setting);
  return settings;
}

TEST(Remedies, BeginWithTheCallAsItIs) {
  const auto remedies = RemediesFor("jitsi");
  ASSERT_TRUE(remedies.ok());
  EXPECT_EQ(remedies->front().setting, "as it is");
  EXPECT_EQ(remedies->front().engine, "jitsi");
}

TEST(Remedies, DefendTheEngineAndNameOthersAndTheGuard) {
  EXPECT_THAT(SettingsOf(RemediesFor("meet")),
              ElementsAre("as it is", "meet(defend_choke=10)", "meet(defend_clip=0.5)",
                          "meet(defend_matting=yes)", "meet, noise on the background", "mediapipe", "jitsi",
                          "zoom", "twilio", "guard(strength=natural)", "guard", "guard(strength=strict)",
                          "guard(strength=natural), set-up shot", "guard, set-up shot",
                          "guard(strength=strict), set-up shot"));
}

TEST(Remedies, EachIsAnEngineThatExistsWithASentenceAndAName) {
  for (const char* engine : {"meet", "obs", "jitsi(defend_clip=0.2)", "guard"}) {
    const auto remedies = RemediesFor(engine);
    ASSERT_TRUE(remedies.ok());
    std::set<std::string> names;
    for (const Remedy& remedy : *remedies) {
      EXPECT_TRUE(names.insert(remedy.setting).second) << remedy.setting;
      EXPECT_EQ(remedy.action.back(), '.') << remedy.action;
      const auto made = engines::MakeMatter(remedy.engine);
      // Without its network's file, at least its parameters are right.
      EXPECT_TRUE(made.ok() || made.error().code != ErrorCode::kInvalidArgument) << remedy.engine;
    }
  }
}

TEST(Remedies, ADefenseIsNotGivenTwice) {
  const auto settings = SettingsOf(RemediesFor("jitsi(defend_clip=0.2)"));
  EXPECT_THAT(settings, Not(Contains(HasSubstr("defend_clip=0.5"))));
  EXPECT_THAT(settings, Contains("jitsi(defend_clip=0.2,defend_choke=10)"));
}

TEST(Remedies, TheGuardTakesNoDefensesAndIsNotListedTwice) {
  const auto settings = SettingsOf(RemediesFor("guard"));
  EXPECT_THAT(settings, Not(Contains(HasSubstr("defend_"))));
  EXPECT_THAT(settings, Not(Contains("guard")));
  EXPECT_THAT(settings, Contains("guard, set-up shot"));
}

TEST(Remedies, OfTheUsersOwn) {
  EXPECT_THAT(SettingsOf(RemediesFor("meet", {"obs", "guard(reach=4)"})),
              ElementsAre("as it is", "obs", "guard(reach=4)", "guard(reach=4), set-up shot"));
}

TEST(Remedies, RefuseWhatIsNoSpec) {
  EXPECT_FALSE(RemediesFor("meet(").ok());
  EXPECT_FALSE(RemediesFor("meet", {"(x)"}).ok());
}

TEST(Recommended, LosesLeastOfThoseThatLeakEquallyLittle) {
  EXPECT_EQ(Recommended({}), std::nullopt);
  EXPECT_EQ(Recommended({{0.0001, 0.2}, {0.0003, 0.06}, {0.01, 0.01}}), 1U);
  EXPECT_EQ(Recommended({{0.0001, 0.2}, {0.0007, 0.06}}), 0U);
  EXPECT_EQ(Recommended({{0.0003, 0}, {0.0001, 0}}), 1U);
}

}  // namespace
}  // namespace peekproof::audit
