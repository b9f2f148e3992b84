// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/mustache.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

using audit::AuditResult;
using audit::LeakSample;
using nlohmann::json;

constexpr int kTimeSteps = 6;
constexpr int kShareSteps = 4;
/// Invisible columns that carry a tooltip each.
constexpr int kMaxTips = 120;
/// A raw interval of one frame still gets a visible mark.
constexpr double kMinMarkWidth = 6;

/// The time axis.
struct Span {
  double start_s = 0;
  double end_s = 1;
  double X(double time_s) const {
    return std::clamp((time_s - start_s) / (end_s - start_s), 0.0, 1.0) * kChartWidth;
  }
};

bool IsRaw(const AuditResult& result, double time_s) {
  return std::any_of(result.raw.begin(), result.raw.end(), [&](const audit::RawInterval& raw) {
    return time_s >= raw.start_s && time_s <= raw.end_s;
  });
}

double Finite(double value) { return std::isfinite(value) ? value : 0; }

/// One value per sample, held until the next, as a closed area or an open line.
std::string StepPath(const AuditResult& result, const Span& span, double LeakSample::*value, double top,
                     bool area) {
  const auto y = [&](const LeakSample& sample) {
    return kChartHeight * (1 - std::clamp(Finite(sample.*value) / top, 0.0, 1.0));
  };
  const auto& samples = result.timeline;
  const double first_x = span.X(samples.front().time_s);
  std::string path = area ? fmt::format("M{:.1f},{}V{:.2f}", first_x, kChartHeight, y(samples.front()))
                          : fmt::format("M{:.1f},{:.2f}", first_x, y(samples.front()));
  for (size_t i = 1; i < samples.size(); ++i) {
    path += fmt::format("H{:.1f}V{:.2f}", span.X(samples[i].time_s), y(samples[i]));
  }
  path += fmt::format("H{}", kChartWidth);
  return area ? path + fmt::format("V{}Z", kChartHeight) : path;
}

json ShareTicks(double top) {
  json ticks = json::array();
  const double step = AxisStep(top, kShareSteps);
  for (int i = 0; i * step <= top * 1.0001; ++i) {
    ticks.push_back({{"label", FormatPercent(i * step)},
                     {"from_top", fmt::format("{:.2f}", 100 * (1 - i * step / top))},
                     {"y", fmt::format("{:.2f}", kChartHeight * (1 - i * step / top))}});
  }
  return ticks;
}

/// Highest leak that the axis must show: all of it, but never more than three times what 95 % of the moments
/// outside raw frames stay below, so that a single glitch does not flatten the rest.
double LeakToShow(const AuditResult& result) {
  std::vector<double> leaks;
  for (const LeakSample& sample : result.timeline) {
    if (!IsRaw(result, sample.time_s)) leaks.push_back(Finite(sample.leak_share));
  }
  if (leaks.empty()) return 1;
  std::sort(leaks.begin(), leaks.end());
  const double usual = leaks[(leaks.size() - 1) * 95 / 100];
  return usual > 0 ? std::min(leaks.back(), 3 * usual) : leaks.back();
}

/// The samples with the most room revealed so far: raw frames and new parts have none of their own.
std::vector<LeakSample> Rising(std::vector<LeakSample> samples) {
  double most = 0;
  for (LeakSample& sample : samples) {
    most = std::max(most, Finite(sample.revealed_share));
    sample.revealed_share = most;
  }
  return samples;
}

/// Axis end: the next full step above `highest`.
double AxisTop(double highest) {
  if (!(highest > 0)) return 0.01;
  const double step = AxisStep(highest, kShareSteps);
  return std::min(1.0, step * std::ceil(highest / step * 0.9999));
}

json TimeTicks(const Span& span) {
  json ticks = json::array();
  const double step = TimeStep(span.end_s - span.start_s, kTimeSteps);
  for (double i = std::ceil(span.start_s / step - 1e-6); i * step <= span.end_s + 1e-6; ++i) {
    const double x = span.X(i * step);
    ticks.push_back({{"label", step < 1 ? FormatTime(i * step) : FormatTimeShort(i * step)},
                     {"from_left", fmt::format("{:.2f}", x / kChartWidth * 100)},
                     {"x", fmt::format("{:.1f}", x)}});
  }
  return ticks;
}

json RawMarks(const AuditResult& result, const Span& span) {
  json marks = json::array();
  for (const audit::RawInterval& raw : result.raw) {
    const double x = span.X(raw.start_s);
    const double width = std::max(kMinMarkWidth, span.X(raw.end_s) - x);
    marks.push_back(
        {{"x", fmt::format("{:.1f}", std::min(x, kChartWidth - width))},
         {"width", fmt::format("{:.1f}", width)},
         {"title", fmt::format("Raw frames {} to {}", FormatTime(raw.start_s), FormatTime(raw.end_s))}});
  }
  return marks;
}

json Tips(const AuditResult& result, const Span& span) {
  json tips = json::array();
  const auto& samples = result.timeline;
  const size_t every = (samples.size() + kMaxTips - 1) / kMaxTips;
  for (size_t i = 0; i < samples.size(); i += every) {
    const size_t end = std::min(i + every, samples.size());
    const double x = span.X(samples[i].time_s);
    const double end_x = end < samples.size() ? span.X(samples[end].time_s) : kChartWidth;
    double worst = 0;
    for (size_t k = i; k < end; ++k) worst = std::max(worst, Finite(samples[k].leak_share));
    tips.push_back(
        {{"x", fmt::format("{:.1f}", x)},
         {"width", fmt::format("{:.1f}", end_x - x)},
         {"title", fmt::format("{}: {} leaking, {} revealed so far", FormatTime(samples[i].time_s),
                               FormatPercent(worst), FormatPercent(samples[end - 1].revealed_share))}});
  }
  return tips;
}

/// The audited time in seconds: from the first sample to the last, and to the end of the last segment.
Span SpanOf(const AuditResult& result) {
  Span span = {.start_s = result.timeline.front().time_s, .end_s = result.timeline.back().time_s};
  for (const audit::SegmentResult& segment : result.segments) {
    if (std::isfinite(segment.end_s)) span.end_s = std::max(span.end_s, segment.end_s);
  }
  if (!(span.end_s - span.start_s > 1e-3)) span.end_s = span.start_s + 1;
  return span;
}

}  // namespace

double AxisStep(double top, int max_steps) {
  for (double decade = 1e-6;; decade *= 10) {
    for (const double step : {1.0, 2.0, 5.0}) {
      if (decade * step * max_steps >= top * 0.9999) return decade * step;
    }
  }
}

double TimeStep(double duration_s, int max_steps) {
  for (const double step : {0.1, 0.2, 0.5, 1., 2., 5., 10., 15., 30., 60., 120., 300., 600., 900., 1800.}) {
    if (step * max_steps >= duration_s) return step;
  }
  return 3600 * std::ceil(duration_s / 3600 / max_steps);
}

json ChartView(const AuditResult& given) {
  if (given.timeline.empty()) return nullptr;
  AuditResult result = given;
  result.timeline = Rising(std::move(result.timeline));
  const Span span = SpanOf(result);
  const double leak_top = AxisTop(LeakToShow(result));
  const double revealed_top = AxisTop(result.timeline.back().revealed_share);
  const auto peak = std::max_element(result.timeline.begin(), result.timeline.end(),
                                     [](const LeakSample& one, const LeakSample& other) {
                                       return Finite(one.leak_share) < Finite(other.leak_share);
                                     });
  return {{"leak_path", StepPath(result, span, &LeakSample::leak_share, leak_top, true)},
          {"revealed_path", StepPath(result, span, &LeakSample::revealed_share, revealed_top, true)},
          {"revealed_line", StepPath(result, span, &LeakSample::revealed_share, revealed_top, false)},
          {"leak_ticks", ShareTicks(leak_top)},
          {"revealed_ticks", ShareTicks(revealed_top)},
          {"time_ticks", TimeTicks(span)},
          {"raw_marks", RawMarks(result, span)},
          {"tips", Tips(result, span)},
          {"clipped", Finite(peak->leak_share) > leak_top * 1.0001},
          {"several_parts", result.segments.size() > 1},
          {"peak_share", FormatPercent(peak->leak_share)},
          {"peak_time", FormatTime(peak->time_s)},
          {"revealed_share", FormatPercent(result.timeline.back().revealed_share)}};
}

std::string SvgLine(double x1, double y1, double x2, double y2, const char* style) {
  return fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" {}/>)", x1, y1, x2, y2, style) +
         "\n";
}

std::string SvgText(double x, double y, const char* style, const std::string& text) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" {}>{}</text>)", x, y, style,
                     EscapeHtml(CleanText(text))) +
         "\n";
}

}  // namespace peekproof::report
