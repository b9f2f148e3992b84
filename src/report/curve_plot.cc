// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/curve_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/chart.h"
#include "report/mustache.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

constexpr double kAxesLeft = 70;
constexpr double kAxesTop = 40;
constexpr double kAxesWidth = 420;
constexpr double kAxesHeight = 300;
constexpr double kAxesFoot = 50;
constexpr std::array<const char*, 12> kCurveColours{"#b5452c", "#2f6c8f", "#6b8f2f", "#7a5a9e",
                                                    "#c98a1b", "#2f8f7a", "#a0154d", "#555555",
                                                    "#4a4ac0", "#8a6d3b", "#d07ab0", "#1b1d22"};

constexpr const char* kGridStyle = R"(stroke="#d8d8d8")";

/// Where values are: the box of the axes, and the value at its right end.
struct Axes {
  double widest;
  bool across_is_share;
  double X(double value) const { return kAxesLeft + kAxesWidth * value / widest; }
  static double Y(double value) { return kAxesTop + kAxesHeight * (1 - value); }
};

std::string Grid(const Axes& axes) {
  std::string svg;
  for (int i = 0; i <= 5; ++i) {
    const double y = Axes::Y(0.2 * i);
    svg += SvgLine(kAxesLeft, y, kAxesLeft + kAxesWidth, y, kGridStyle);
    svg += SvgText(kAxesLeft - 8, y + 4, R"(text-anchor="end")", fmt::format("{} %", 20 * i));
  }
  const double step = AxisStep(axes.widest, 6);
  for (int i = 0; i * step <= axes.widest * (1 + 1e-9); ++i) {
    const double x = axes.X(i * step);
    svg += SvgLine(x, kAxesTop, x, kAxesTop + kAxesHeight, kGridStyle);
    svg +=
        SvgText(x, kAxesTop + kAxesHeight + 16, R"(text-anchor="middle")",
                axes.across_is_share ? fmt::format("{:g} %", 100 * i * step) : fmt::format("{:g}", i * step));
  }
  return svg;
}

std::string CurveSvg(const Axes& axes, const Curve& curve, const char* colour) {
  std::string path;
  std::string marks;
  for (const auto& [across, upwards] : curve.points) {
    if (!std::isfinite(across) || !std::isfinite(upwards)) continue;
    const double x = axes.X(across);
    const double y = Axes::Y(upwards);
    const bool is_first = path.empty();
    path += fmt::format("{}{:.1f},{:.1f}", is_first ? "M" : "L", x, y);
    marks += is_first
                 ? fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"none\" stroke=\"{}\"/>\n",
                               x, y, colour)
                 : fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\" fill=\"{}\"/>\n", x, y, colour);
  }
  if (path.empty()) return "";
  return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n{}", path, colour,
                     marks);
}

double WidestOf(const CurvePlot& plot) {
  double widest = 0;
  for (const Curve& curve : plot.curves)
    for (const auto& [across, upwards] : curve.points)
      if (std::isfinite(across)) widest = std::max(widest, across);
  if (widest <= 0) return 1.0;
  return plot.across_is_share ? std::min(1.0, widest * 1.05) : widest * 1.05;
}

/// Of the longest name, as wide as letters mostly are.
double LegendWidth(const CurvePlot& plot) {
  size_t longest = 0;
  for (const Curve& curve : plot.curves) longest = std::max(longest, curve.name.size());
  return 60 + 6.8 * static_cast<double>(longest);
}

}  // namespace

std::string CurvePlotSvg(const CurvePlot& plot) {
  const Axes axes{WidestOf(plot), plot.across_is_share};
  const double right = kAxesLeft + kAxesWidth + LegendWidth(plot);
  const double bottom = std::max(kAxesTop + kAxesHeight + kAxesFoot,
                                 kAxesTop + 20 + 20 * static_cast<double>(plot.curves.size()));
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}")"
      R"( font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>)",
      right, bottom);
  svg += '\n';
  svg += SvgText(kAxesLeft, 20, R"(font-size="15" font-weight="bold")", plot.title);
  svg += Grid(axes);
  svg += SvgText(kAxesLeft + kAxesWidth / 2, kAxesTop + kAxesHeight + 38, R"(text-anchor="middle")",
                 plot.across);
  svg +=
      fmt::format("<text transform=\"translate(16,{:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                  kAxesTop + kAxesHeight / 2, EscapeHtml(CleanText(plot.upwards)));
  for (size_t i = 0; i < plot.curves.size(); ++i) {
    const char* const colour = kCurveColours[i % kCurveColours.size()];
    const double y = kAxesTop + 8 + 20 * static_cast<double>(i);
    svg += CurveSvg(axes, plot.curves[i], colour);
    svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" height=\"12\" fill=\"{}\"/>\n",
                       kAxesLeft + kAxesWidth + 18, y - 10, colour);
    svg += SvgText(kAxesLeft + kAxesWidth + 36, y, "", plot.curves[i].name);
  }
  return svg + "</svg>\n";
}

}  // namespace peekproof::report
