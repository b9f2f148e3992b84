// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/closing_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "audit/engine_cues.h"
#include "audit/remedy.h"

namespace peekproof::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

bool IsRecommended(const ClosingSetting& setting) { return setting.recommended; }
bool IsAsItIs(const ClosingSetting& setting) { return setting.as_it_is; }

TEST(ClosingSettings, KnowEveryRemedyOfEveryEngineThatAnAuditFinds) {
  for (const char* engine : kCandidateEngines) {
    const std::vector<ClosingSetting> settings = ClosingSettings(engine);
    const auto remedies = RemediesFor(engine);
    ASSERT_TRUE(remedies.ok());
    EXPECT_EQ(settings.size(), remedies->size()) << engine;
    double last = 0;
    for (const ClosingSetting& setting : settings) {
      EXPECT_GE(setting.leak_share, last) << engine << ", " << setting.setting;
      EXPECT_LT(setting.leak_share, 0.5);
      EXPECT_LT(setting.lost_share, 0.5);
      last = setting.leak_share;
    }
  }
}

TEST(ClosingSettings, RecommendTheGuardWithASetUpShot) {
  for (const char* engine : kCandidateEngines) {
    const std::vector<ClosingSetting> settings = ClosingSettings(engine);
    const auto best = std::find_if(settings.begin(), settings.end(), IsRecommended);
    const auto as_it_is = std::find_if(settings.begin(), settings.end(), IsAsItIs);
    ASSERT_NE(best, settings.end());
    ASSERT_NE(as_it_is, settings.end());
    EXPECT_EQ(as_it_is->setting, kAsItIs);
    EXPECT_THAT(best->setting, HasSubstr("set-up shot"));
    EXPECT_LT(best->leak_share, 0.1 * as_it_is->leak_share);
    EXPECT_EQ(std::count_if(settings.begin(), settings.end(), IsRecommended), 1);
  }
}

TEST(ClosingSettings, AreNotGuessedForOtherEngines) {
  EXPECT_THAT(ClosingSettings("obs"), IsEmpty());
  EXPECT_THAT(ClosingSettings("meet(wrap=0)"), IsEmpty());
  EXPECT_THAT(ClosingSettings(""), IsEmpty());
}

TEST(AddClosing, OnlyWhereThereIsALeak) {
  AuditResult result;
  AddClosing(&result);
  EXPECT_THAT(result.closing, IsEmpty());
  result.segments.resize(1);
  result.segments[0].engine = "meet";
  result.main_segment = 0;
  result.verdict = Verdict::kNoLeakFound;
  AddClosing(&result);
  EXPECT_THAT(result.closing, IsEmpty());
  for (const Verdict verdict : {Verdict::kLeaks, Verdict::kRoomShown}) {
    result.verdict = verdict;
    result.closing.clear();
    AddClosing(&result);
    EXPECT_FALSE(result.closing.empty());
  }
}

}  // namespace
}  // namespace peekproof::audit
