// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// A study small enough to be computed by hand.
#include "study/study_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "study/study_text.h"
#include "study/test_study.h"

namespace peekproof::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Two scenes of meet, one of zoom; unmix failed on the latter.
StudyData Tiny() {
  StudyData data;
  data.scenes = {{"a", "set/a", "meet", 1, {}}, {"b", "set/b", "meet", 2, {}}, {"c", "set/c", "zoom", 3, {}}};
  data.runs.push_back(DescribeRun(2));
  data.runs.back().id = 1;
  data.rows = {RowOf("a", "wallpaper", 0.0), RowOf("a", "seeing-through", 0.2),
               RowOf("a", "unmix", 0.3),     RowOf("b", "seeing-through", 0.4),
               RowOf("b", "unmix", 0.6),     RowOf("c", "seeing-through", 0.1),
               RowOf("c", "unmix", 0.9)};
  for (size_t i = 0; i < data.rows.size(); ++i) {
    data.rows[i].id = static_cast<int64_t>(i) + 1;
    data.rows[i].run = 1;
  }
  data.rows.back().scores = {};
  data.rows.back().error = "it broke, badly";
  return data;
}

const GroupSummary& Group(const EngineSummary& engine, const std::string& attack) {
  for (const GroupSummary& group : engine.groups)
    if (group.attack == attack) return group;
  ADD_FAILURE() << "no group " << attack;
  return engine.groups.front();
}

TEST(StudySummary, IsWhatOneComputesByHand) {
  const auto summary = Summarise(Tiny(), "");
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->baseline, "seeing-through");
  EXPECT_THAT(summary->attacks, ElementsAre("seeing-through", "unmix", "wallpaper"));
  ASSERT_EQ(summary->engines.size(), 3U);
  EXPECT_TRUE(summary->engines[0].is_all);
  const EngineSummary& meet = summary->engines[1];
  EXPECT_EQ(meet.engine, "meet");
  const GroupSummary& unmix = Group(meet, "unmix");
  EXPECT_EQ(unmix.scenes, 2);
  EXPECT_DOUBLE_EQ(unmix.columns[0].mean, 0.45);
  EXPECT_DOUBLE_EQ(unmix.columns[0].median, 0.45);
  EXPECT_DOUBLE_EQ(unmix.columns[0].mean_interval.low, 0.3);
  EXPECT_DOUBLE_EQ(unmix.columns[0].mean_interval.high, 0.6);
  EXPECT_DOUBLE_EQ(unmix.columns.back().mean, 45) << "milliseconds: 0.3 s and 0.6 s over 10 frames";
  EXPECT_DOUBLE_EQ(unmix.curve[1].recall_10, 0.225);
  EXPECT_DOUBLE_EQ(unmix.curve[1].precision_10, 1);
  EXPECT_EQ(unmix.calibration[9].painted_px, 200);
  EXPECT_DOUBLE_EQ(unmix.calibration[9].right, 0.45);
  EXPECT_DOUBLE_EQ(unmix.recall_10.median, 0.45);
  ASSERT_EQ(meet.comparisons.size(), 1U) << "neither the baseline nor the wallpaper";
  EXPECT_EQ(meet.comparisons[0].attack, "unmix");
  EXPECT_EQ(meet.comparisons[0].scenes, 2);
  EXPECT_NEAR(meet.comparisons[0].differences[1].difference.mean, 0.15, 1e-12);
  EXPECT_DOUBLE_EQ(meet.comparisons[0].ratios[1].ratio, 1.5);
  EXPECT_EQ(meet.median_scene, "a") << "the lower of two";
  EXPECT_EQ(Group(summary->engines[0], "seeing-through").scenes, 3);
  EXPECT_EQ(summary->engines[0].comparisons[0].scenes, 2) << "only where both are";
  ASSERT_EQ(summary->failed.size(), 1U);
  EXPECT_EQ(Group(meet, "wallpaper").columns.back().count, 0) << "no time";
}

TEST(StudySummary, ComparesWithTheBaselineThatIsAskedFor) {
  const auto summary = Summarise(Tiny(), "unmix");
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->engines[1].comparisons[0].attack, "seeing-through");
  EXPECT_NEAR(summary->engines[1].comparisons[0].differences[1].difference.mean, -0.15, 1e-12);
  const auto unknown = Summarise(Tiny(), "magic");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.error().message, HasSubstr("it has seeing-through, unmix, wallpaper"));
}

TEST(StudySummary, TellsCallerModelsApart) {
  StudyData data = Tiny();
  data.rows.pop_back();
  data.rows.push_back(RowOf("a", "unmix", 0.5));
  data.rows.back().key.caller_model = "landscape";
  const auto summary = Summarise(data, "unmix");
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->baseline, "unmix [selfie]");
  EXPECT_EQ(Summarise(data, "unmix [landscape]")->baseline, "unmix [landscape]");
  EXPECT_EQ(Group(summary->engines[1], "unmix [landscape]").scenes, 1);
}

TEST(StudySummary, NeedsARow) { EXPECT_EQ(Summarise(StudyData(), "").error().code, ErrorCode::kNotFound); }

TEST(StudyText, TellsMeansIntervalsAndRatios) {
  const std::string text = StudyText(*Summarise(Tiny(), ""));
  EXPECT_THAT(text, HasSubstr("45 % (30 % to 60 %), 45 %"));
  EXPECT_THAT(text, HasSubstr("+15.0 (+10.0 to +20.0), 1.50 times (1.50 to 1.50)"));
  EXPECT_THAT(text, HasSubstr("1 row failed"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Nothing leaked in")));
}

TEST(StudyText, TellsWhereNothingLeaked) {
  StudyData data = Tiny();
  for (StudyRow& row : data.rows)
    if (row.scene == "a") row.scores.values[MetricIndex("leak_partial")] = 0;
  const auto summary = Summarise(data, "");
  EXPECT_EQ(summary->engines[0].scenes_without_leak, 1);
  EXPECT_EQ(summary->engines[2].scenes_without_leak, 0) << "zoom";
  EXPECT_THAT(StudyText(*summary), HasSubstr("Nothing leaked in 1 scene: recall and legacy score are 0"));
}

TEST(StudyCsv, HasALineForEveryRow) {
  const std::string csv = StudyCsv(Tiny());
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 8);
  EXPECT_THAT(csv, HasSubstr("row,scene,engine,seed,attack,caller_model,status,error,seconds"));
  EXPECT_THAT(csv, HasSubstr("\n3,a,meet,1,unmix,selfie,done,,0.300000,10,30.000000,1,"));
  EXPECT_THAT(csv, HasSubstr("\n7,c,zoom,3,unmix,selfie,failed,\"it broke, badly\","));
}

TEST(RowText, TellsWhatWasMeasured) {
  StudyRow row = RowOf("a", "unmix", 0.25);
  row.scores.values[0] = std::nan("");
  const std::string text = RowText(row);
  EXPECT_THAT(text, testing::Not(HasSubstr("recall at dE 4")));
  EXPECT_THAT(text, HasSubstr("25 %"));
  EXPECT_THAT(text, HasSubstr("25.00 ms"));
}

}  // namespace
}  // namespace peekproof::study
