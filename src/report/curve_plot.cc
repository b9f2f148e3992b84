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

constexpr double kLeft = 70;
constexpr double kTop = 40;
constexpr double kWidth = 420;
constexpr double kHeight = 300;
constexpr double kFoot = 50;
constexpr std::array<const char*, 12> kColours{"#b5452c", "#2f6c8f", "#6b8f2f", "#7a5a9e",
                                               "#c98a1b", "#2f8f7a", "#a0154d", "#555555",
                                               "#4a4ac0", "#8a6d3b", "#d07ab0", "#1b1d22"};

/// Where values are: the box of the axes, and the value at its right end.
struct Axes {
  double widest;
  bool across_is_share;
  double X(double value) const { return kLeft + kWidth * value / widest; }
  static double Y(double value) { return kTop + kHeight * (1 - value); }
};

std::string Text(double x, double y, const char* style, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x, y, style,
                     EscapeHtml(CleanText(text)));
}

std::string Line(double x1, double y1, double x2, double y2) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#d8d8d8\"/>\n",
                     x1, y1, x2, y2);
}

std::string Grid(const Axes& axes) {
  std::string svg;
  for (int i = 0; i <= 5; ++i) {
    const double y = Axes::Y(0.2 * i);
    svg += Line(kLeft, y, kLeft + kWidth, y);
    svg += Text(kLeft - 8, y + 4, R"(text-anchor="end")", fmt::format("{} %", 20 * i));
  }
  const double step = AxisStep(axes.widest, 6);
  for (int i = 0; i * step <= axes.widest * (1 + 1e-9); ++i) {
    const double x = axes.X(i * step);
    svg += Line(x, kTop, x, kTop + kHeight);
    svg += Text(x, kTop + kHeight + 16, R"(text-anchor="middle")",
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
  const double right = kLeft + kWidth + LegendWidth(plot);
  const double bottom =
      std::max(kTop + kHeight + kFoot, kTop + 20 + 20 * static_cast<double>(plot.curves.size()));
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}")"
      R"( font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>)",
      right, bottom);
  svg += '\n';
  svg += Text(kLeft, 20, R"(font-size="15" font-weight="bold")", plot.title);
  svg += Grid(axes);
  svg += Text(kLeft + kWidth / 2, kTop + kHeight + 38, R"(text-anchor="middle")", plot.across);
  svg +=
      fmt::format("<text transform=\"translate(16,{:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                  kTop + kHeight / 2, EscapeHtml(CleanText(plot.upwards)));
  for (size_t i = 0; i < plot.curves.size(); ++i) {
    const char* const colour = kColours[i % kColours.size()];
    const double y = kTop + 8 + 20 * static_cast<double>(i);
    svg += CurveSvg(axes, plot.curves[i], colour);
    svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" height=\"12\" fill=\"{}\"/>\n",
                       kLeft + kWidth + 18, y - 10, colour);
    svg += Text(kLeft + kWidth + 36, y, "", plot.curves[i].name);
  }
  return svg + "</svg>\n";
}

}  // namespace peekproof::report
