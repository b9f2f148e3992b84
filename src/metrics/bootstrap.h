// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace peekproof::metrics {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Statistics of one number over clips. The intervals hold 95 % of the statistic over resamples.
struct SampleSummary {
  int count = 0;  ///< Of an empty sample all else is 0.
  double mean = 0;
  double median = 0;
  Interval mean_interval;
  Interval median_interval;
};

/// A difference between two methods on the same clips.
struct PairedSummary {
  SampleSummary difference;  ///< Of first less second, clip by clip.
  double first_better = 0;   ///< Share of resamples whose mean difference is above 0 (half of those at 0).
};

/// How many times as much one method gets as another on the same clips.
struct RatioSummary {
  double ratio = 0;   ///< Mean of the first over mean of the second; not a number where that is 0.
  Interval interval;  ///< Holds 95 % of the ratio over the resamples in which it is a number.
};

struct BootstrapOptions {
  int resamples = 2000;
  uint64_t seed = 1;
};

/// Percentile bootstrap over clips: clips are drawn with replacement, as often as there are. With fewer than
/// about ten clips the intervals are too narrow; one clip gives an interval of no width.
/// Source  Efron and Tibshirani: An Introduction to the Bootstrap (1993), percentile method.
SampleSummary Summarise(const std::vector<double>& values, const BootstrapOptions& options = {});

/// The same clips are drawn for both methods, so that what clips have in common does not widen the interval.
/// Aborts when the counts differ.
PairedSummary ComparePaired(const std::vector<double>& first, const std::vector<double>& second,
                            const BootstrapOptions& options = {});

/// Ratio of the means, the same clips drawn for both methods. Unlike the mean of ratios it is not driven by
/// clips on which the second gets next to nothing. Aborts when the counts differ.
RatioSummary ComparePairedRatio(const std::vector<double>& first, const std::vector<double>& second,
                                const BootstrapOptions& options = {});

}  // namespace peekproof::metrics
