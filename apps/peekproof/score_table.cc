// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "score_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "metrics/bootstrap.h"
#include "report/text.h"
#include "report/text_file.h"

namespace peekproof::cli {
namespace {

using report::CsvField;
using report::FormatPercent;
using study::ListMetrics;
using study::MetricInfo;

constexpr size_t kTitleWidth = 36;

size_t WidthOf(const std::string& name) { return std::max<size_t>(16, name.size() + 3); }

/// Of the scenes in which it was measured: for all methods or for none.
std::vector<double> ValuesOver(const std::vector<ScoredScene>& scenes, size_t column, size_t metric) {
  std::vector<double> values;
  for (const ScoredScene& scene : scenes)
    if (const double value = scene.columns[column].values[metric]; !std::isnan(value))
      values.push_back(value);
  return values;
}

/// Indices of the metrics that were measured in any scene.
std::vector<size_t> MeasuredIn(const std::vector<ScoredScene>& scenes) {
  std::vector<size_t> measured;
  for (size_t metric = 0; metric < ListMetrics().size(); ++metric)
    if (!ValuesOver(scenes, 0, metric).empty()) measured.push_back(metric);
  return measured;
}

std::string Meanings(const std::vector<size_t>& measured) {
  std::string text = "\n";
  for (const size_t metric : measured)
    text += fmt::format("  {:<{}}  {}\n", ListMetrics()[metric].title, kTitleWidth,
                        ListMetrics()[metric].meaning);
  return text;
}

std::string Differences(const std::vector<ScoredScene>& scenes, const std::vector<size_t>& measured) {
  const size_t count = scenes.front().columns.size();
  if (count < 3) return "";
  const std::string& first = scenes.front().columns[1].name;
  std::string text =
      fmt::format("\nPaired differences to {} (mean, 95 % interval; share of resamples above 0)\n",
                  report::CleanText(first));
  for (size_t column = 2; column < count; ++column) {
    text += fmt::format("  {}\n", report::CleanText(scenes.front().columns[column].name));
    for (const size_t metric : measured) {
      const metrics::PairedSummary paired =
          metrics::ComparePaired(ValuesOver(scenes, column, metric), ValuesOver(scenes, 1, metric));
      const metrics::SampleSummary& d = paired.difference;
      text +=
          fmt::format("    {:<{}}{:>+9.4f}  ({:+.4f} to {:+.4f})  {:.2f}\n", ListMetrics()[metric].title,
                      kTitleWidth, d.mean, d.mean_interval.low, d.mean_interval.high, paired.first_better);
    }
  }
  return text;
}

}  // namespace

std::string ScoreTable(const ScoredScene& scene) {
  std::string text = fmt::format("  {:<{}}", "", kTitleWidth);
  for (const ScoreColumn& column : scene.columns)
    text += fmt::format("{:>{}}", report::CleanText(column.name), WidthOf(column.name));
  text += '\n';
  const std::vector<size_t> measured = MeasuredIn({scene});
  for (const size_t metric : measured) {
    text += fmt::format("  {:<{}}", ListMetrics()[metric].title, kTitleWidth);
    for (const ScoreColumn& column : scene.columns)
      text += fmt::format("{:>{}}", FormatPercent(column.values[metric]), WidthOf(column.name));
    text += '\n';
  }
  return text + Meanings(measured);
}

std::string SetTable(const std::vector<ScoredScene>& scenes) {
  std::string text = fmt::format("{}; mean (95 % interval), median\n",
                                 report::FormatCount(static_cast<int64_t>(scenes.size()), "scene"));
  const std::vector<size_t> measured = MeasuredIn(scenes);
  for (size_t column = 0; column < scenes.front().columns.size(); ++column) {
    text += fmt::format("\n{}\n", report::CleanText(scenes.front().columns[column].name));
    for (const size_t metric : measured) {
      const metrics::SampleSummary summary = metrics::Summarise(ValuesOver(scenes, column, metric));
      text += fmt::format("  {:<{}}{:>9}  ({} to {}), {}\n", ListMetrics()[metric].title, kTitleWidth,
                          FormatPercent(summary.mean), FormatPercent(summary.mean_interval.low),
                          FormatPercent(summary.mean_interval.high), FormatPercent(summary.median));
    }
  }
  return text + Differences(scenes, measured) + Meanings(measured);
}

std::string ScoreCsv(const std::vector<ScoredScene>& scenes) {
  std::string csv = "scene,method";
  for (const MetricInfo& metric : ListMetrics()) csv += fmt::format(",{}", metric.name);
  csv += '\n';
  for (const ScoredScene& scene : scenes) {
    for (const ScoreColumn& column : scene.columns) {
      csv += fmt::format("{},{}", CsvField(scene.name), CsvField(column.name));
      for (const double value : column.values)
        csv += std::isnan(value) ? std::string(",") : fmt::format(",{:.6f}", value);
      csv += '\n';
    }
  }
  return csv;
}

std::string ScoreJson(const std::vector<ScoredScene>& scenes) {
  nlohmann::ordered_json json;
  json["scenes"] = nlohmann::ordered_json::array();
  for (const ScoredScene& scene : scenes) {
    nlohmann::ordered_json one{{"scene", scene.name}, {"methods", nlohmann::ordered_json::array()}};
    for (const ScoreColumn& column : scene.columns) {
      nlohmann::ordered_json method{{"method", column.name}};
      for (size_t metric = 0; metric < column.values.size(); ++metric)
        method[ListMetrics()[metric].name] = column.values[metric];
      one["methods"].push_back(method);
    }
    json["scenes"].push_back(one);
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace peekproof::cli
