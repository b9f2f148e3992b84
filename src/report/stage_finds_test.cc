// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/stage_finds.h"

#include <gtest/gtest.h>

namespace peekproof::report {
namespace {

TEST(StageFinds, CountsWordsAndObjects) {
  audit::BlurResult blur;
  blur.findings = {{.kind = audit::FindingKind::kText, .label = "DOOR 4711", .confidence = 0.9},
                   {.kind = audit::FindingKind::kText, .label = "exit", .confidence = 0.6},
                   {.kind = audit::FindingKind::kScreen, .label = "tv", .confidence = 0.5}};
  std::vector<StageFinds> stages = CompareStages(blur);
  ASSERT_EQ(stages.size(), 3U);
  EXPECT_EQ(stages[2].stage, "restored");
  EXPECT_EQ(stages[2].words, 3);
  EXPECT_NEAR(stages[2].word_confidence, 0.8, 1e-9);
  EXPECT_EQ(stages[2].objects, 1);
  EXPECT_EQ(stages[0].word_confidence, 0);
  blur.enhanced.emplace();
  stages = CompareStages(blur);
  ASSERT_EQ(stages.size(), 4U);
  EXPECT_TRUE(stages[2].is_evidence);
  EXPECT_FALSE(stages[3].is_evidence);
}

}  // namespace
}  // namespace peekproof::report
