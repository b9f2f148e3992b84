// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/box_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/testing.h"

namespace peekproof::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

BoxPlot TwoGroups() {
  BoxPlot plot{"Leak", "share", {"full", "partial"}, {}};
  plot.groups.push_back({"meet & <co>", {metrics::BoxStatsOf({0.1, 0.2, 0.3}), metrics::BoxStatsOf({0.4})}});
  plot.groups.push_back({"zoom", {metrics::BoxStatsOf({}), metrics::BoxStatsOf({0.1, 0.1, 0.1, 0.1, 0.9})}});
  return plot;
}

TEST(BoxPlotTest, DrawsABoxForEverySampleThatIsNotEmpty) {
  const std::string svg = BoxPlotSvg(TwoGroups());
  EXPECT_EQ(CountOf(svg, "fill-opacity"), 3U);
  EXPECT_EQ(CountOf(svg, "<circle"), 1U) << "one outlier";
  EXPECT_THAT(svg, HasSubstr("meet &amp; &lt;co&gt; (3)"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_EQ(CountOf(svg, "<svg"), CountOf(svg, "</svg>"));
}

TEST(BoxPlotTest, PutsTheMedianWhereItIs) {
  BoxPlot plot{"Leak", "share", {"one"}, {{"g", {metrics::BoxStatsOf({0.0, 0.5, 1.0})}}}};
  // The axis ends at 1.05; 300 units from y 56 down to 356: the median of 0.5 lies at 356 - 300 / 2.1.
  EXPECT_THAT(BoxPlotSvg(plot), HasSubstr(R"(y1="213.1" x2="109.0" y2="213.1")"));
}

TEST(BoxPlotTest, NothingIsAnEmptyAxis) {
  const std::string svg = BoxPlotSvg({"Leak", "share", {}, {}});
  EXPECT_THAT(svg, HasSubstr("100 %"));
  EXPECT_THAT(svg, Not(HasSubstr("fill-opacity")));
}

}  // namespace
}  // namespace peekproof::report
