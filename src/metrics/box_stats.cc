// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/box_stats.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace peekproof::metrics {

double QuantileOfSorted(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return 0;
  PEEKPROOF_CHECK(q >= 0 && q <= 1, "quantile {}", q);
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<size_t>(place);
  const size_t high = std::min(low + 1, sorted.size() - 1);
  return std::lerp(sorted[low], sorted[high], place - static_cast<double>(low));
}

BoxStats BoxStatsOf(std::vector<double> values) {
  BoxStats stats;
  if (values.empty()) return stats;
  for (const double value : values) PEEKPROOF_CHECK(std::isfinite(value), "value {}", value);
  std::sort(values.begin(), values.end());
  stats.count = static_cast<int>(values.size());
  stats.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  stats.median = QuantileOfSorted(values, 0.5);
  stats.lower_quartile = QuantileOfSorted(values, 0.25);
  stats.upper_quartile = QuantileOfSorted(values, 0.75);
  stats.least = values.front();
  stats.largest = values.back();
  const double reach = 1.5 * (stats.upper_quartile - stats.lower_quartile);
  const auto first = std::lower_bound(values.begin(), values.end(), stats.lower_quartile - reach);
  const auto end = std::upper_bound(values.begin(), values.end(), stats.upper_quartile + reach);
  stats.lower_whisker = *first;
  stats.upper_whisker = *(end - 1);
  stats.outliers.assign(values.begin(), first);
  stats.outliers.insert(stats.outliers.end(), end, values.end());
  return stats;
}

}  // namespace peekproof::metrics
