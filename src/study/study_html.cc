// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "media/picture.h"
#include "report/box_plot.h"
#include "report/curve_plot.h"
#include "report/embedded.h"
#include "report/mustache.h"
#include "report/pictures.h"
#include "report/redact.h"
#include "report/text.h"
#include "study/embedded.h"
#include "study/study_store.h"
#include "study/study_text.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using report::CleanText;

constexpr int kSampleWidth = 480;

std::string Redacted(const std::string& text) { return CleanText(report::WithoutFolders(text)); }

/// Percent, or milliseconds.
double Shown(double value, const ReportColumn& column) { return column.is_share ? 100 * value : value; }

json ColumnNames() {
  json names = json::array();
  for (const ReportColumn& column : ReportColumns())
    names.push_back(column.is_share ? fmt::format("{}, %", column.title) : column.title);
  return names;
}

json GroupCells(const GroupSummary& group) {
  json cells = json::array();
  for (size_t i = 0; i < ReportColumns().size(); ++i) {
    const ReportColumn& column = ReportColumns()[i];
    const metrics::SampleSummary& value = group.columns[i];
    if (value.count == 0) {
      cells.push_back({{"mean", ""}, {"interval", ""}, {"median", ""}});
      continue;
    }
    cells.push_back({{"mean", fmt::format("{:.1f}", Shown(value.mean, column))},
                     {"interval", fmt::format("{:.1f} to {:.1f}", Shown(value.mean_interval.low, column),
                                              Shown(value.mean_interval.high, column))},
                     {"median", fmt::format("median {:.1f}", Shown(value.median, column))}});
  }
  return cells;
}

json ComparisonCells(const GroupComparison& comparison) {
  json cells = json::array();
  for (size_t i = 0; i < ReportColumns().size(); ++i) {
    const ReportColumn& column = ReportColumns()[i];
    const metrics::SampleSummary& value = comparison.differences[i].difference;
    const metrics::RatioSummary& ratio = comparison.ratios[i];
    if (value.count == 0) {
      cells.push_back({{"difference", ""}, {"interval", ""}, {"ratio", ""}});
      continue;
    }
    cells.push_back(
        {{"difference", fmt::format("{:+.1f}", Shown(value.mean, column))},
         {"interval", fmt::format("{:+.1f} to {:+.1f}", Shown(value.mean_interval.low, column),
                                  Shown(value.mean_interval.high, column))},
         {"ratio", std::isfinite(ratio.ratio) ? fmt::format("× {:.2f}, {:.2f} to {:.2f}", ratio.ratio,
                                                            ratio.interval.low, ratio.interval.high)
                                              : ""}});
  }
  return cells;
}

json ComparisonView(const EngineSummary& engine, const std::string& baseline) {
  if (engine.comparisons.empty()) return false;
  json rows = json::array();
  for (const GroupComparison& one : engine.comparisons)
    rows.push_back(
        {{"attack", CleanText(one.attack)}, {"scenes", one.scenes}, {"cells", ComparisonCells(one)}});
  return {{"baseline", CleanText(baseline)}, {"rows", rows}};
}

/// Below a box there is room for a short name; the tables have the whole one.
std::string ShortName(const std::string& attack) {
  constexpr size_t kLongest = 20;
  const std::string name = CleanText(attack);
  return name.size() <= kLongest ? name : name.substr(0, kLongest - 3) + "...";
}

std::string Boxes(const EngineSummary& engine) {
  report::BoxPlot plot{
      fmt::format("Recall at dE 10: {}", engine.engine), "share of what leaked", {"recall"}, {}};
  for (const GroupSummary& group : engine.groups)
    plot.groups.push_back({ShortName(group.attack), {group.recall_10}});
  return report::BoxPlotSvg(plot);
}

std::string Curves(const EngineSummary& engine) {
  report::CurvePlot plot{engine.engine, "recall at dE 10", "precision at dE 10", {}};
  for (const GroupSummary& group : engine.groups) {
    report::Curve curve{group.attack, {}};
    for (const CurveMean& point : group.curve) curve.points.emplace_back(point.recall_10, point.precision_10);
    plot.curves.push_back(std::move(curve));
  }
  return report::CurvePlotSvg(plot);
}

json CalibrationView(const EngineSummary& engine) {
  json rows = json::array();
  for (const GroupSummary& group : engine.groups) {
    if (group.is_reference) continue;
    double painted = 0;
    for (const metrics::CalibrationBin& bin : group.calibration)
      painted += static_cast<double>(bin.painted_px);
    json cells = json::array();
    for (const metrics::CalibrationBin& bin : group.calibration) {
      const bool is_empty = bin.painted_px == 0;
      cells.push_back(
          {{"right", is_empty ? "" : fmt::format("{:.0f} %", 100 * bin.right)},
           {"stated", is_empty ? "" : fmt::format("stated {:.0f} %", 100 * bin.stated)},
           {"share",
            is_empty ? ""
                     : fmt::format("{:.1f} % of px", 100 * static_cast<double>(bin.painted_px) / painted)}});
    }
    rows.push_back({{"attack", CleanText(group.attack)}, {"cells", cells}});
  }
  return rows;
}

json BinNames() {
  json names = json::array();
  for (int i = 0; i < 10; ++i) names.push_back(fmt::format("{:.1f} to {:.1f}", 0.1 * i, 0.1 * (i + 1)));
  return names;
}

Result<json> Figure(const std::string& name, const cv::Mat3b& picture) {
  const cv::Mat shrunk = report::ShrinkToWidth(picture, kSampleWidth);
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string uri, report::JpegUri(cv::Mat3b(shrunk)));
  return json{{"name", CleanText(name)}, {"uri", uri}};
}

/// The true room and every picture of a scene; false where there are none.
Result<json> SamplesView(const StudyData& data, const EngineSummary& engine, const std::string& folder,
                         bool with_model) {
  const auto scene = std::find_if(data.scenes.begin(), data.scenes.end(),
                                  [&](const StudyScene& one) { return one.name == engine.median_scene; });
  if (engine.is_all || scene == data.scenes.end()) return json(false);
  json pictures = json::array();
  const auto room = media::ReadPicture((fs::path(folder) / scene->path / "truth" / "room.png").string());
  if (room.ok()) {
    PEEKPROOF_ASSIGN_OR_RETURN(json figure, Figure("true room", *room));
    pictures.push_back(std::move(figure));
  }
  for (const StudyRow& row : data.rows) {
    if (row.scene != scene->name || !row.done() || row.key.attack == kWallpaper) continue;
    const auto recovered = ReadReconstruction(StudyStore::PicturePath(folder, row.id));
    if (!recovered.ok()) continue;
    const std::string name = fmt::format("{}: recall {}", LabelOf(row.key, with_model),
                                         report::FormatPercent(row.scores.values[MetricIndex("recall_10")]));
    PEEKPROOF_ASSIGN_OR_RETURN(json figure, Figure(name, OnGrey(*recovered)));
    pictures.push_back(std::move(figure));
  }
  if (pictures.empty()) return json(false);
  return json{{"scene", CleanText(scene->name)}, {"pictures", pictures}};
}

Result<json> EngineView(const StudyData& data, const StudySummary& summary, const EngineSummary& engine,
                        const std::string& folder) {
  json groups = json::array();
  for (const GroupSummary& group : engine.groups)
    groups.push_back(
        {{"attack", CleanText(group.attack)}, {"scenes", group.scenes}, {"cells", GroupCells(group)}});
  PEEKPROOF_ASSIGN_OR_RETURN(json samples, SamplesView(data, engine, folder, summary.with_model));
  return json{{"engine", CleanText(engine.engine)},
              {"note", NoLeakNote(engine)},
              {"groups", groups},
              {"comparison", ComparisonView(engine, summary.baseline)},
              {"boxes", Boxes(engine)},
              {"curves", Curves(engine)},
              {"calibration", CalibrationView(engine)},
              {"samples", std::move(samples)}};
}

json RunsView(const StudyData& data) {
  json runs = json::array();
  for (const StudyRun& run : data.runs) {
    const auto rows = std::count_if(data.rows.begin(), data.rows.end(),
                                    [&](const StudyRow& row) { return row.run == run.id; });
    runs.push_back({{"id", run.id},
                    {"started", CleanText(run.started)},
                    {"version", CleanText(run.version)},
                    {"rows", static_cast<int64_t>(rows)},
                    {"cpu", CleanText(run.cpu)},
                    {"cores", fmt::format("{}, {}", run.cores, run.threads)},
                    {"compiler", CleanText(fmt::format("{}, {}", run.compiler, run.libraries))}});
  }
  return runs;
}

json FailuresView(const StudySummary& summary) {
  if (summary.failed.empty()) return false;
  json rows = json::array();
  for (const StudyRow& row : summary.failed)
    rows.push_back(fmt::format("{}, {}: {}", CleanText(row.scene), CleanText(LabelOf(row.key, true)),
                               Redacted(row.error)));
  return {{"rows", rows}};
}

/// "engine own, wallpaper estimated, other_room drawn".
std::string SettingsText(const std::string& settings) {
  const auto values = nlohmann::ordered_json::parse(settings, nullptr, false);
  if (!values.is_object()) return "unknown";
  std::string text;
  for (const auto& [name, value] : values.items()) {
    if (!value.is_string()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, Redacted(value.get<std::string>()));
  }
  return text;
}

json MeaningsView() {
  json meanings = json::array();
  for (const ReportColumn& column : ReportColumns())
    meanings.push_back({{"title", column.title}, {"meaning", column.meaning}});
  return meanings;
}

}  // namespace

Result<std::string> StudyHtml(const StudyData& data, const StudySummary& summary, const std::string& folder) {
  json engines = json::array();
  for (const EngineSummary& engine : summary.engines) {
    PEEKPROOF_ASSIGN_OR_RETURN(json view, EngineView(data, summary, engine, folder));
    engines.push_back(std::move(view));
  }
  const auto attacks = std::count_if(summary.attacks.begin(), summary.attacks.end(),
                                     [](const std::string& attack) { return !IsReference(attack); });
  const json view{
      {"style", std::string(report::kReportStyle)},
      {"attack_count", static_cast<int64_t>(attacks)},
      {"facts",
       fmt::format("{}, {}, {}", report::FormatCount(static_cast<int64_t>(data.scenes.size()), "scene"),
                   report::FormatCount(static_cast<int64_t>(attacks), "attack"),
                   report::FormatCount(static_cast<int64_t>(data.rows.size()), "row"))},
      {"runs", RunsView(data)},
      {"settings", SettingsText(data.settings)},
      {"baseline", CleanText(summary.baseline)},
      {"failures", FailuresView(summary)},
      {"columns", ColumnNames()},
      {"bins", BinNames()},
      {"engines", engines},
      {"meanings", MeaningsView()}};
  return report::RenderMustache(kStudyTemplate, view);
}

}  // namespace peekproof::study
