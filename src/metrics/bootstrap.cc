// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/bootstrap.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "base/random.h"
#include "metrics/box_stats.h"

namespace peekproof::metrics {
namespace {

double MeanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double MedianOf(std::vector<double>* values) {
  std::sort(values->begin(), values->end());
  return QuantileOfSorted(*values, 0.5);
}

/// Means and medians of resamples.
struct Resampled {
  std::vector<double> means;
  std::vector<double> medians;
};

Resampled Resample(const std::vector<double>& values, const BootstrapOptions& options) {
  Resampled resampled;
  std::vector<double> drawn(values.size());
  for (int i = 0; i < options.resamples; ++i) {
    RowRandom random(options.seed, 0xB007, static_cast<uint64_t>(i));
    for (double& value : drawn) value = values[random.Next() % values.size()];
    resampled.means.push_back(MeanOf(drawn));
    resampled.medians.push_back(MedianOf(&drawn));
  }
  return resampled;
}

Interval Middle95(std::vector<double>* values) {
  std::sort(values->begin(), values->end());
  return {QuantileOfSorted(*values, 0.025), QuantileOfSorted(*values, 0.975)};
}

SampleSummary SummaryOf(std::vector<double> values, Resampled* resampled) {
  SampleSummary summary;
  summary.count = static_cast<int>(values.size());
  summary.mean = MeanOf(values);
  summary.median = MedianOf(&values);
  summary.mean_interval = Middle95(&resampled->means);
  summary.median_interval = Middle95(&resampled->medians);
  return summary;
}

}  // namespace

SampleSummary Summarise(const std::vector<double>& values, const BootstrapOptions& options) {
  if (values.empty()) return {};
  Resampled resampled = Resample(values, options);
  return SummaryOf(values, &resampled);
}

PairedSummary ComparePaired(const std::vector<double>& first, const std::vector<double>& second,
                            const BootstrapOptions& options) {
  PEEKPROOF_CHECK(first.size() == second.size(), "{} clips and {}", first.size(), second.size());
  if (first.empty()) return {};
  std::vector<double> difference(first.size());
  for (size_t i = 0; i < first.size(); ++i) difference[i] = first[i] - second[i];
  Resampled resampled = Resample(difference, options);
  double above = 0;
  for (const double mean : resampled.means) above += mean > 0 ? 1.0 : mean == 0 ? 0.5 : 0.0;
  PairedSummary paired;
  paired.first_better = above / static_cast<double>(resampled.means.size());
  paired.difference = SummaryOf(difference, &resampled);
  return paired;
}

RatioSummary ComparePairedRatio(const std::vector<double>& first, const std::vector<double>& second,
                                const BootstrapOptions& options) {
  PEEKPROOF_CHECK(first.size() == second.size(), "{} clips and {}", first.size(), second.size());
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  RatioSummary summary{kNone, {kNone, kNone}};
  const double below = std::accumulate(second.begin(), second.end(), 0.0);
  if (below == 0) return summary;
  summary.ratio = std::accumulate(first.begin(), first.end(), 0.0) / below;
  std::vector<double> ratios;
  for (int i = 0; i < options.resamples; ++i) {
    RowRandom random(options.seed, 0xB007, static_cast<uint64_t>(i));
    double sum_first = 0;
    double sum_second = 0;
    for (size_t draw = 0; draw < first.size(); ++draw) {
      const size_t clip = random.Next() % first.size();
      sum_first += first[clip];
      sum_second += second[clip];
    }
    if (sum_second != 0) ratios.push_back(sum_first / sum_second);
  }
  summary.interval = Middle95(&ratios);
  return summary;
}

}  // namespace peekproof::metrics
