// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "metrics/box_stats.h"

namespace peekproof::report {

/// Boxes that stand side by side above one name.
struct BoxGroup {
  std::string name;
  std::vector<metrics::BoxStats> boxes;  ///< One per series, in shares of [0, 1].
};

struct BoxPlot {
  std::string title;
  std::string unit;                 ///< What the axis shows: "share of the real environment".
  std::vector<std::string> series;  ///< Names of the boxes of a group, at most four.
  std::vector<BoxGroup> groups;
};

/// A picture of box plots with a legend, as an SVG file: box from quartile to quartile, line at the median,
/// diamond at the mean, whiskers and outliers as BoxStats has them, the axis from 0 up to the largest value
/// in percent. Empty samples leave their place empty. Names may be any text.
std::string BoxPlotSvg(const BoxPlot& plot);

}  // namespace peekproof::report
