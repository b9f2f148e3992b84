// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "audit/audit_result.h"

namespace peekproof::report {

/// What the template needs to draw leak over time: two panels ("leak now", "revealed so far") above one time
/// axis, as paths in a box of kChartWidth x kChartHeight units that the page stretches, so that labels stay
/// readable on any width.
///
/// The leak panel's axis is chosen from the usual moments; what goes beyond it is cut off at the top
/// (`clipped` is true then). The revealed panel follows the largest share so far. No timeline gives null.
nlohmann::json ChartView(const audit::AuditResult& result);

inline constexpr int kChartWidth = 1000;
inline constexpr int kChartHeight = 100;

/// Distances between axis labels: the smallest of 1, 2, 5 times a power of ten that gives at most `max_steps`
/// steps up to `top` > 0.
double AxisStep(double top, int max_steps);
/// The same for times: 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30 s, 1, 2, 5, 10, 15, 30 min, then whole hours.
double TimeStep(double duration_s, int max_steps);

/// SVG elements. style: further attributes; text: as it comes, cleaned and escaped here.
std::string SvgLine(double x1, double y1, double x2, double y2, const char* style);
std::string SvgText(double x, double y, const char* style, const std::string& text);

}  // namespace peekproof::report
