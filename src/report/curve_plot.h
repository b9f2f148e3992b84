// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace peekproof::report {

/// One line of a curve plot.
struct Curve {
  std::string name;
  /// Across and upwards, which is a share in [0, 1]; points that are not finite are left out.
  std::vector<std::pair<double, double>> points;
};

struct CurvePlot {
  std::string title;
  std::string across;  ///< What the axis shows: "recall".
  std::string upwards;
  std::vector<Curve> curves;  ///< Any number; colours come again after twelve.
  bool across_is_share =
      true;  ///< Of [0, 1] and told in percent; else any numbers from 0 on, told as they are.
};

/// A picture of curves with a legend, as an SVG file; each point is marked, the first one by a ring. The axis
/// upwards runs from 0 to 100 %, the one across up to the largest value. Names may be any text.
std::string CurvePlotSvg(const CurvePlot& plot);

}  // namespace peekproof::report
