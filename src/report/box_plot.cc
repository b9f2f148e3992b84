// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/box_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "report/chart.h"
#include "report/mustache.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

constexpr double kPlotLeft = 70;
constexpr double kPlotTop = 56;
constexpr double kPlotHeight = 300;
constexpr double kBox = 26;
constexpr double kGap = 30;
constexpr double kPlotFoot = 110;
constexpr std::array<const char*, 4> kBoxColours{"#b5452c", "#2f6c8f", "#6b8f2f", "#7a5a9e"};

std::string Escaped(const std::string& text) { return EscapeHtml(CleanText(text)); }

/// Where things are.
struct Layout {
  double top_value;
  double group_width;

  double Y(double value) const { return kPlotTop + kPlotHeight * (1 - value / top_value); }
  double GroupX(size_t group) const {
    return kPlotLeft + kGap / 2 + static_cast<double>(group) * group_width;
  }
};

double LargestOf(const BoxPlot& plot) {
  double largest = 0;
  for (const BoxGroup& group : plot.groups)
    for (const metrics::BoxStats& box : group.boxes) largest = std::max(largest, box.largest);
  return largest;
}

std::string Axis(const Layout& layout, double right) {
  std::string svg;
  const double step = AxisStep(layout.top_value, 6);
  for (int i = 0; i * step <= layout.top_value * (1 + 1e-9); ++i) {
    const double y = layout.Y(i * step);
    svg += SvgLine(kPlotLeft, y, right, y, R"(stroke="#d8d8d8")");
    svg += SvgText(kPlotLeft - 8, y + 4, R"(text-anchor="end")", fmt::format("{:g} %", 100 * i * step));
  }
  return svg;
}

std::string Box(const Layout& layout, double x, const metrics::BoxStats& box, const char* colour) {
  const double middle = x + kBox / 2;
  const std::string stroke = fmt::format(R"(stroke="{}" stroke-width="1.5")", colour);
  const auto line = [&](double x1, double value1, double x2, double value2) {
    return SvgLine(x1, layout.Y(value1), x2, layout.Y(value2), stroke.c_str());
  };
  std::string svg = line(middle, box.upper_quartile, middle, box.upper_whisker) +
                    line(middle, box.lower_quartile, middle, box.lower_whisker) +
                    line(x + 7, box.upper_whisker, x + kBox - 7, box.upper_whisker) +
                    line(x + 7, box.lower_whisker, x + kBox - 7, box.lower_whisker);
  const double top = layout.Y(box.upper_quartile);
  svg += fmt::format(
             R"(<rect x="{:.1f}" y="{:.1f}" width="{}" height="{:.1f}" fill="{}" fill-opacity="0.25" {}/>)",
             x + 2, top, kBox - 4, std::max(0.0, layout.Y(box.lower_quartile) - top), colour, stroke) +
         "\n";
  svg += line(x + 2, box.median, x + kBox - 2, box.median);
  const double mean = layout.Y(box.mean);
  svg += fmt::format(R"(<path d="M{0:.1f},{1:.1f}l4,4l-4,4l-4,-4z" fill="{2}"/>)", middle, mean - 4, colour) +
         "\n";
  for (const double value : box.outliers)
    svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="1.8" fill="none" {}/>)", middle, layout.Y(value),
                       stroke) +
           "\n";
  return svg;
}

std::string Group(const Layout& layout, size_t number, const BoxGroup& group) {
  const double x = layout.GroupX(number);
  std::string svg;
  int count = 0;
  for (size_t i = 0; i < group.boxes.size(); ++i) {
    count = std::max(count, group.boxes[i].count);
    if (group.boxes[i].count > 0)
      svg += Box(layout, x + static_cast<double>(i) * kBox, group.boxes[i], kBoxColours[i]);
  }
  const double middle = x + kBox * static_cast<double>(group.boxes.size()) / 2;
  const double y = kPlotTop + kPlotHeight + 16;
  svg +=
      fmt::format(
          R"svg(<text transform="translate({:.1f},{:.1f}) rotate(-35)" text-anchor="end">{} ({})</text>)svg",
          middle + 6, y, Escaped(group.name), count) +
      "\n";
  return svg;
}

std::string Legend(const BoxPlot& plot) {
  std::string svg;
  double x = kPlotLeft;
  for (size_t i = 0; i < plot.series.size(); ++i) {
    svg += fmt::format(R"(<rect x="{:.1f}" y="32" width="12" height="12" fill="{}"/>)", x, kBoxColours[i]) +
           "\n";
    svg += SvgText(x + 17, 42, "", plot.series[i]);
    x += 40 + 7.0 * static_cast<double>(plot.series[i].size());
  }
  return svg;
}

}  // namespace

std::string BoxPlotSvg(const BoxPlot& plot) {
  PEEKPROOF_CHECK(plot.series.size() <= kBoxColours.size(), "{} series", plot.series.size());
  const double largest = LargestOf(plot);
  const Layout layout{largest > 0 ? largest * 1.05 : 1.0,
                      kBox * static_cast<double>(plot.series.size()) + kGap};
  const double right = std::max(420.0, layout.GroupX(plot.groups.size()));
  const double bottom = kPlotTop + kPlotHeight + kPlotFoot;
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}")"
      R"( font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>)",
      right + 20, bottom);
  svg += '\n';
  svg += SvgText(kPlotLeft, 20, R"(font-size="15" font-weight="bold")", plot.title);
  svg += Legend(plot) + Axis(layout, right);
  svg += fmt::format(
             R"svg(<text transform="translate(16,{:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
             kPlotTop + kPlotHeight / 2, Escaped(plot.unit)) +
         "\n";
  for (size_t i = 0; i < plot.groups.size(); ++i) {
    PEEKPROOF_CHECK(plot.groups[i].boxes.size() == plot.series.size(), "boxes and series");
    svg += Group(layout, i, plot.groups[i]);
  }
  return svg + "</svg>\n";
}

}  // namespace peekproof::report
