// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/curve_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace peekproof::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CurvePlot, DrawsPointsWhereTheyBelongAndEscapesNames) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::string svg =
      CurvePlotSvg({"a < b", "recall", "precision", {{"<i>", {{1, 0}, {0.5, 1}, {0.2, none}}}}});
  EXPECT_THAT(svg, HasSubstr("a &lt; b"));
  EXPECT_THAT(svg, HasSubstr("&lt;i&gt;"));
  EXPECT_THAT(svg, HasSubstr("M490.0,340.0L280.0,40.0\"")) << "right below, then the middle of the top";
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(CurvePlot, TellsNumbersAcrossAsTheyAre) {
  const std::string svg = CurvePlotSvg({"t", "pixels", "y", {{"a", {{2, 0}, {40, 1}}}}, false});
  EXPECT_THAT(svg, HasSubstr(">40</text>"));
  EXPECT_THAT(svg, HasSubstr("L470.0,40.0\"")) << "40 of 42 of the axis";
}

TEST(CurvePlot, DrawsNothingOfNothing) {
  const std::string svg = CurvePlotSvg({"t", "x", "y", {{"empty", {}}}});
  EXPECT_THAT(svg, HasSubstr("empty"));
  EXPECT_THAT(svg, Not(HasSubstr("<path")));
}

}  // namespace
}  // namespace peekproof::report
