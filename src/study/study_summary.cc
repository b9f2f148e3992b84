// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "engines/spec.h"

namespace peekproof::study {
namespace {

constexpr const char* kAllEngines = "all engines";
constexpr const char* kUsualBaseline = "seeing-through";

template <typename Value>
void AddOnce(const Value& value, std::vector<Value>* values) {
  if (std::find(values->begin(), values->end(), value) == values->end()) values->push_back(value);
}

/// The keys of a study in the order in which they came, references last.
std::vector<RowKey> KeysOf(const StudyData& data) {
  std::vector<RowKey> keys;
  for (const StudyRow& row : data.rows) AddOnce(row.key, &keys);
  std::stable_partition(keys.begin(), keys.end(), [](const RowKey& key) { return !IsReference(key.attack); });
  return keys;
}

bool HasSeveralModels(const std::vector<RowKey>& keys) {
  std::vector<std::string> models;
  for (const RowKey& key : keys)
    if (!IsReference(key.attack)) AddOnce(key.caller_model, &models);
  return models.size() > 1;
}

Result<RowKey> FindBaseline(const std::vector<RowKey>& keys, const std::string& wanted, bool with_model) {
  std::vector<std::string> labels;
  for (const RowKey& key : keys) {
    if (!wanted.empty() && (key.attack == wanted || LabelOf(key, with_model) == wanted)) return key;
    if (wanted.empty() && key.attack == kUsualBaseline) return key;
    labels.push_back(LabelOf(key, with_model));
  }
  if (wanted.empty()) return keys.front();
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the study has no attack '{}'; it has {}", wanted, engines::JoinNames(labels))};
}

using Rows = std::vector<const StudyRow*>;

Rows RowsWith(const Rows& rows, const RowKey& key) {
  Rows found;
  for (const StudyRow* row : rows)
    if (row->key == key) found.push_back(row);
  return found;
}

std::vector<double> ValuesOver(const Rows& rows, size_t column) {
  std::vector<double> values;
  for (const StudyRow* row : rows)
    if (const double value = ValueOf(*row, column); std::isfinite(value)) values.push_back(value);
  return values;
}

/// Rows whose curves have as many points as the first one's.
std::vector<CurveMean> CurveOver(const Rows& rows) {
  std::vector<CurveMean> curve(rows.front()->scores.curve.size());
  for (size_t i = 0; i < curve.size(); ++i) {
    double scenes = 0;
    double precise = 0;
    for (const StudyRow* row : rows) {
      if (row->scores.curve.size() != curve.size()) continue;
      const metrics::ConfidencePoint& point = row->scores.curve[i];
      curve[i].threshold = point.threshold;
      curve[i].recall_10 += point.recall_10;
      ++scenes;
      if (std::isnan(point.precision_10)) continue;
      curve[i].precision_10 += point.precision_10;
      ++precise;
    }
    curve[i].recall_10 /= scenes;
    curve[i].precision_10 =
        precise > 0 ? curve[i].precision_10 / precise : std::numeric_limits<double>::quiet_NaN();
  }
  return curve;
}

std::array<metrics::CalibrationBin, 10> CalibrationOver(const Rows& rows) {
  std::array<metrics::CalibrationBin, 10> pooled{};
  for (size_t i = 0; i < pooled.size(); ++i) {
    for (const StudyRow* row : rows) {
      const metrics::CalibrationBin& bin = row->scores.calibration[i];
      pooled[i].painted_px += bin.painted_px;
      pooled[i].stated += bin.stated * static_cast<double>(bin.painted_px);
      pooled[i].right += bin.right * static_cast<double>(bin.painted_px);
    }
    if (pooled[i].painted_px == 0) continue;
    pooled[i].stated /= static_cast<double>(pooled[i].painted_px);
    pooled[i].right /= static_cast<double>(pooled[i].painted_px);
  }
  return pooled;
}

GroupSummary GroupOf(const Rows& rows, const std::string& label) {
  GroupSummary group;
  group.attack = label;
  group.is_reference = IsReference(rows.front()->key.attack);
  group.scenes = static_cast<int>(rows.size());
  for (size_t column = 0; column < ReportColumns().size(); ++column)
    group.columns.push_back(metrics::Summarise(ValuesOver(rows, column)));
  group.curve = CurveOver(rows);
  group.calibration = CalibrationOver(rows);
  std::vector<double> recalls;
  for (const StudyRow* row : rows) recalls.push_back(row->scores.values[MetricIndex("recall_10")]);
  group.recall_10 = metrics::BoxStatsOf(recalls);
  return group;
}

GroupComparison Compare(const Rows& rows, const Rows& baseline, const std::string& label) {
  std::map<std::string, const StudyRow*> of_scene;
  for (const StudyRow* row : baseline) of_scene[row->scene] = row;
  GroupComparison comparison;
  comparison.attack = label;
  for (const StudyRow* row : rows) comparison.scenes += static_cast<int>(of_scene.count(row->scene));
  for (size_t column = 0; column < ReportColumns().size(); ++column) {
    std::vector<double> first;
    std::vector<double> second;
    for (const StudyRow* row : rows) {
      const auto other = of_scene.find(row->scene);
      if (other == of_scene.end()) continue;
      const double ours = ValueOf(*row, column);
      const double theirs = ValueOf(*other->second, column);
      if (!std::isfinite(ours) || !std::isfinite(theirs)) continue;
      first.push_back(ours);
      second.push_back(theirs);
    }
    comparison.differences.push_back(metrics::ComparePaired(first, second));
    comparison.ratios.push_back(metrics::ComparePairedRatio(first, second));
  }
  return comparison;
}

std::string MedianScene(Rows rows) {
  if (rows.empty()) return "";
  const size_t recall = MetricIndex("recall_10");
  std::stable_sort(rows.begin(), rows.end(), [&](const StudyRow* a, const StudyRow* b) {
    return a->scores.values[recall] < b->scores.values[recall];
  });
  return rows[(rows.size() - 1) / 2]->scene;
}

int ScenesWithoutLeak(const Rows& rows) {
  std::vector<std::string> scenes;
  for (const StudyRow* row : rows)
    if (row->scores.values[MetricIndex("leak_partial")] == 0) AddOnce(row->scene, &scenes);
  return static_cast<int>(scenes.size());
}

EngineSummary EngineOf(const std::string& engine, const Rows& rows, const std::vector<RowKey>& keys,
                       const RowKey& baseline, bool with_model) {
  EngineSummary summary;
  summary.engine = engine;
  const Rows baseline_rows = RowsWith(rows, baseline);
  summary.median_scene = MedianScene(baseline_rows);
  summary.scenes_without_leak = ScenesWithoutLeak(rows);
  for (const RowKey& key : keys) {
    const Rows of_key = RowsWith(rows, key);
    if (of_key.empty()) continue;
    const std::string label = LabelOf(key, with_model);
    summary.groups.push_back(GroupOf(of_key, label));
    if (key == baseline || IsReference(key.attack) || baseline_rows.empty()) continue;
    summary.comparisons.push_back(Compare(of_key, baseline_rows, label));
  }
  return summary;
}

std::vector<ReportColumn> MakeColumns() {
  std::vector<ReportColumn> columns;
  for (const char* const name : {"recall_4", "recall_10", "weighted_recall_10", "precision_10", "mirrored_10",
                                 "other_10", "false_caller", "false_wallpaper", "legacy", "legacy_floor"}) {
    const MetricInfo& metric = ListMetrics()[MetricIndex(name)];
    columns.push_back({name, metric.title, metric.meaning, true});
  }
  columns.push_back(
      {"ms_per_frame", "ms per frame", "of the attack's own steps; networks are not in it", false});
  return columns;
}

}  // namespace

const std::vector<ReportColumn>& ReportColumns() {
  static const std::vector<ReportColumn> columns = MakeColumns();
  return columns;
}

double ValueOf(const StudyRow& row, size_t column) {
  const ReportColumn& info = ReportColumns()[column];
  return info.is_share ? row.scores.values[MetricIndex(info.name)] : row.ms_per_frame();
}

std::string LabelOf(const RowKey& key, bool with_model) {
  if (!with_model || key.caller_model.empty()) return key.attack;
  return fmt::format("{} [{}]", key.attack, key.caller_model);
}

Result<StudySummary> Summarise(const StudyData& data, const std::string& baseline) {
  StudySummary summary;
  std::map<std::string, std::string> engine_of;
  std::vector<std::string> engines;
  for (const StudyScene& scene : data.scenes) engine_of[scene.name] = scene.engine;
  Rows done;
  for (const StudyRow& row : data.rows) {
    if (!row.done()) {
      summary.failed.push_back(row);
      continue;
    }
    done.push_back(&row);
    AddOnce(engine_of[row.scene], &engines);
  }
  if (done.empty()) return Error{ErrorCode::kNotFound, "the study has no row that is done"};
  std::sort(engines.begin(), engines.end());

  const std::vector<RowKey> keys = KeysOf(data);
  const bool with_model = HasSeveralModels(keys);
  summary.with_model = with_model;
  for (const RowKey& key : keys) summary.attacks.push_back(LabelOf(key, with_model));
  PEEKPROOF_ASSIGN_OR_RETURN(const RowKey chosen, FindBaseline(keys, baseline, with_model));
  summary.baseline = LabelOf(chosen, with_model);
  if (engines.size() > 1) {
    summary.engines.push_back(EngineOf(kAllEngines, done, keys, chosen, with_model));
    summary.engines.back().is_all = true;
  }
  for (const std::string& engine : engines) {
    Rows of_engine;
    for (const StudyRow* row : done)
      if (engine_of[row->scene] == engine) of_engine.push_back(row);
    summary.engines.push_back(EngineOf(engine, of_engine, keys, chosen, with_model));
  }
  return summary;
}

}  // namespace peekproof::study
