// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/text.h"
#include "report/text_file.h"

namespace peekproof::study {
namespace {

using report::CleanText;
using report::CsvField;
using report::FormatPercent;

size_t ColumnOf(std::string_view name) {
  const std::vector<ReportColumn>& columns = ReportColumns();
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
  return static_cast<size_t>(found - columns.begin());
}

size_t WidthOf(const StudySummary& summary) {
  size_t width = 18;
  for (const std::string& attack : summary.attacks) width = std::max(width, CleanText(attack).size() + 2);
  return width;
}

std::string Number(const metrics::SampleSummary& value, bool is_share) {
  if (value.count == 0) return "";
  return fmt::format("{:.1f}", is_share ? 100 * value.mean : value.mean);
}

std::string Means(const EngineSummary& engine, size_t width) {
  constexpr size_t kColumnWidth = 10;
  std::string text = fmt::format("  {:<{}}{:>7}", "mean, %", width, "scenes");
  for (const ReportColumn& column : ReportColumns())
    text += fmt::format("{:>{}}", column.name, std::max(kColumnWidth, column.name.size() + 2));
  text += '\n';
  for (const GroupSummary& group : engine.groups) {
    text += fmt::format("  {:<{}}{:>7}", CleanText(group.attack), width, group.scenes);
    for (size_t i = 0; i < ReportColumns().size(); ++i) {
      const ReportColumn& column = ReportColumns()[i];
      text += fmt::format("{:>{}}", Number(group.columns[i], column.is_share),
                          std::max(kColumnWidth, column.name.size() + 2));
    }
    text += '\n';
  }
  return text;
}

std::string Recalls(const EngineSummary& engine, size_t width) {
  const size_t recall = ColumnOf("recall_10");
  std::string text = fmt::format("\n  {:<{}}  mean (95 % interval), median\n", "recall at dE 10", width);
  for (const GroupSummary& group : engine.groups) {
    const metrics::SampleSummary& value = group.columns[recall];
    text += fmt::format("  {:<{}}  {} ({} to {}), {}\n", CleanText(group.attack), width,
                        FormatPercent(value.mean), FormatPercent(value.mean_interval.low),
                        FormatPercent(value.mean_interval.high), FormatPercent(value.median));
  }
  return text;
}

std::string Comparisons(const EngineSummary& engine, const std::string& baseline, size_t width) {
  if (engine.comparisons.empty()) return "";
  std::string text = fmt::format(
      "\n  Beside {}, same scenes: difference in percentage points and ratio of means (95 % intervals)\n",
      CleanText(baseline));
  for (const GroupComparison& one : engine.comparisons) {
    for (const char* const name : {"recall_10", "weighted_recall_10", "precision_10"}) {
      const size_t column = ColumnOf(name);
      const metrics::SampleSummary& difference = one.differences[column].difference;
      const metrics::RatioSummary& ratio = one.ratios[column];
      text += fmt::format("  {:<{}}  {:<20}{:+.1f} ({:+.1f} to {:+.1f})", CleanText(one.attack), width, name,
                          100 * difference.mean, 100 * difference.mean_interval.low,
                          100 * difference.mean_interval.high);
      if (std::isfinite(ratio.ratio))
        text += fmt::format(", {:.2f} times ({:.2f} to {:.2f})", ratio.ratio, ratio.interval.low,
                            ratio.interval.high);
      text += '\n';
    }
  }
  return text;
}

std::string CsvNumber(double value) { return std::isfinite(value) ? fmt::format("{:.6f}", value) : ""; }

template <typename Item, typename Key>
std::map<Key, const Item*> ByKey(const std::vector<Item>& items, Key Item::*key) {
  std::map<Key, const Item*> found;
  for (const Item& item : items) found[item.*key] = &item;
  return found;
}

}  // namespace

std::string NoLeakNote(const EngineSummary& engine) {
  if (engine.scenes_without_leak == 0) return "";
  return fmt::format("  Nothing leaked in {}: recall and legacy score are 0 there, whatever the attack\n",
                     report::FormatCount(engine.scenes_without_leak, "scene"));
}

std::string StudyText(const StudySummary& summary) {
  const size_t width = WidthOf(summary);
  std::string text;
  for (const EngineSummary& engine : summary.engines) {
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", CleanText(engine.engine));
    text += NoLeakNote(engine);
    text += Means(engine, width) + Recalls(engine, width) + Comparisons(engine, summary.baseline, width);
  }
  if (!summary.failed.empty())
    text +=
        fmt::format("\n{} failed\n", report::FormatCount(static_cast<int64_t>(summary.failed.size()), "row"));
  return text;
}

std::string StudyCsv(const StudyData& data) {
  const auto scenes = ByKey(data.scenes, &StudyScene::name);
  const auto runs = ByKey(data.runs, &StudyRun::id);
  std::string csv =
      "row,scene,engine,seed,attack,caller_model,status,error,seconds,frames,ms_per_frame,run,version,cpu,"
      "threads,started";
  for (const MetricInfo& metric : ListMetrics()) csv += fmt::format(",{}", metric.name);
  csv += '\n';
  for (const StudyRow& row : data.rows) {
    const auto scene = scenes.find(row.scene);
    const StudyScene known = scene != scenes.end() ? *scene->second : StudyScene();
    const auto found = runs.find(row.run);
    const StudyRun run = found != runs.end() ? *found->second : StudyRun();
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", row.id, CsvField(row.scene),
                       CsvField(known.engine), known.seed, CsvField(row.key.attack),
                       CsvField(row.key.caller_model), row.done() ? "done" : "failed", CsvField(row.error),
                       CsvNumber(row.seconds), row.frames, CsvNumber(row.ms_per_frame()), row.run,
                       CsvField(run.version), CsvField(run.cpu), run.threads, run.started);
    for (size_t i = 0; i < ListMetrics().size(); ++i)
      csv += fmt::format(",{}", row.done() ? CsvNumber(row.scores.values[i]) : "");
    csv += '\n';
  }
  return csv;
}

std::string RowText(const StudyRow& row) {
  std::string text =
      fmt::format("row {}: {}, {}\n", row.id, CleanText(row.scene), CleanText(LabelOf(row.key, true)));
  for (size_t i = 0; i < row.scores.values.size(); ++i) {
    if (std::isnan(row.scores.values[i])) continue;
    text += fmt::format("  {:<36}{:>10}\n", ListMetrics()[i].title, FormatPercent(row.scores.values[i]));
  }
  if (row.frames > 0) text += fmt::format("  {:<36}{:>7.2f} ms\n", "own steps, a frame", row.ms_per_frame());
  return text;
}

}  // namespace peekproof::study
