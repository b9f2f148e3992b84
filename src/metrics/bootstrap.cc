// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/bootstrap.h"

#include <algorithm>
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

}  // namespace peekproof::metrics
