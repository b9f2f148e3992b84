// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace peekproof::metrics {

/// What a box plot draws of a sample, as the paper's figure 8 does.
struct BoxStats {
  int count = 0;  ///< Of an empty sample all else is 0.
  double mean = 0;
  double median = 0;
  double lower_quartile = 0;
  double upper_quartile = 0;
  double lower_whisker = 0;  ///< Least value within 1.5 quartile distances below the lower quartile,
  double upper_whisker = 0;  ///< and largest within as much above the upper one.
  double least = 0;
  double largest = 0;
  std::vector<double> outliers;  ///< Beyond the whiskers, ascending.
};

/// Quartiles are interpolated linearly between order statistics (Hyndman and Fan's type 7, the default of R
/// and NumPy). Values must be finite.
/// Source  Tukey's box plot; whiskers at 1.5 as in the paper's figure 8 [assumed: it does not say].
BoxStats BoxStatsOf(std::vector<double> values);

/// The q-quantile (0 to 1) of ascending values, of type 7; 0 of none.
double QuantileOfSorted(const std::vector<double>& sorted, double q);

}  // namespace peekproof::metrics
