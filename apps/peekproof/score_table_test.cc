// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "score_table.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace peekproof::cli {
namespace {

using study::ListMetrics;
using study::MetricValues;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ScoreTable, LeavesOutWhatWasNotMeasured) {
  MetricValues values(ListMetrics().size(), 0.5);
  values.front() = std::numeric_limits<double>::quiet_NaN();
  const std::vector<ScoredScene> one{{"a", {{"ours", values}}}};
  const char* const title = ListMetrics().front().title;
  EXPECT_THAT(ScoreTable(one.front()), Not(HasSubstr(title)));
  EXPECT_THAT(SetTable(one), Not(HasSubstr(title)));
  EXPECT_THAT(ScoreCsv(one), HasSubstr("\na,ours,,0.500000,"));
  EXPECT_THAT(ScoreJson(one), HasSubstr(fmt::format("\"{}\": null", ListMetrics().front().name)));
  std::vector<ScoredScene> two = one;
  two.push_back({"b", {{"ours", MetricValues(ListMetrics().size(), 0.25)}}});
  EXPECT_THAT(SetTable(two), testing::ContainsRegex(fmt::format("  {} +25 %", title))) << "only where it was";
}

TEST(ScoreTable, TellsAllMetricsOfAllMethods) {
  const size_t count = ListMetrics().size();
  const std::vector<ScoredScene> scenes{{"a",
                                         {{"wallpaper alone", MetricValues(count, 0.1)},
                                          {"ours", MetricValues(count, 0.5)},
                                          {"theirs, old", MetricValues(count, 0.25)}}},
                                        {"b",
                                         {{"wallpaper alone", MetricValues(count, 0.2)},
                                          {"ours", MetricValues(count, 0.7)},
                                          {"theirs, old", MetricValues(count, 0.35)}}}};
  const std::string one = ScoreTable(scenes[0]);
  EXPECT_THAT(one, HasSubstr("recall at dE 10"));
  EXPECT_THAT(one, HasSubstr("theirs, old"));
  const std::string set = SetTable(scenes);
  EXPECT_THAT(set, HasSubstr("2 scenes"));
  EXPECT_THAT(set, HasSubstr("60 %  (50 % to 70 %), 60 %"));
  EXPECT_THAT(set, HasSubstr("-0.3000  (-0.3500 to -0.2500)  0.00"));
  const std::string csv = ScoreCsv(scenes);
  EXPECT_THAT(csv, HasSubstr("\na,\"theirs, old\",0.250000,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 7);
  EXPECT_THAT(ScoreJson(scenes), HasSubstr("\"recall_4\": 0.5"));
}

}  // namespace
}  // namespace peekproof::cli
