// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/result.h"
#include "metrics/bootstrap.h"
#include "metrics/box_stats.h"
#include "metrics/score.h"
#include "study/study_data.h"

namespace peekproof::study {

/// A number that a study's report tells: one of ListMetrics, or the time.
struct ReportColumn {
  std::string name;
  std::string title;
  std::string meaning;
  bool is_share = true;  ///< In [0, 1], shown in percent; else milliseconds.
};

const std::vector<ReportColumn>& ReportColumns();

/// The value of a column in a row; not a number where it was not measured.
double ValueOf(const StudyRow& row, size_t column);

/// Means over the scenes of a group, at one threshold on the confidence.
struct CurveMean {
  double threshold = 0;
  double recall_10 = 0;
  double precision_10 = 0;  ///< Over the scenes where something is left; not a number where there is none.
};

/// What one attack got of the scenes of one engine.
struct GroupSummary {
  std::string attack;  ///< Label: the spec, with the caller model if those vary.
  bool is_reference = false;
  int scenes = 0;
  std::vector<metrics::SampleSummary> columns;  ///< One per ReportColumns, of the scenes with a value.
  std::vector<CurveMean> curve;
  std::array<metrics::CalibrationBin, 10> calibration{};  ///< Pooled over pixels.
  metrics::BoxStats recall_10;
};

/// An attack beside the baseline on the scenes that both have.
struct GroupComparison {
  std::string attack;
  int scenes = 0;
  std::vector<metrics::PairedSummary> differences;  ///< Attack less baseline, one per ReportColumns.
  std::vector<metrics::RatioSummary> ratios;        ///< Mean of the attack over mean of the baseline.
};

/// The scenes of one engine.
struct EngineSummary {
  std::string engine;  ///< "all engines" for all of them.
  bool is_all = false;
  int scenes_without_leak = 0;  ///< In which nothing leaked, so that recall and legacy score are 0.
  std::vector<GroupSummary> groups;
  std::vector<GroupComparison> comparisons;  ///< Of the groups but the baseline and the references.
  std::string median_scene;  ///< That of the baseline's median recall at 10 (the lower of two); empty: none.
};

struct StudySummary {
  std::string baseline;                ///< Label.
  bool with_model = false;             ///< Whether labels name the caller model.
  std::vector<std::string> attacks;    ///< Labels, references last.
  std::vector<EngineSummary> engines;  ///< All together first, where there are several.
  std::vector<StudyRow> failed;
};

/// The label of a row's attack. with_model: whether it names the caller model.
std::string LabelOf(const RowKey& key, bool with_model);

/// Sums a study up. Bootstrap over scenes, seed 1; so the same rows give the same numbers.
/// baseline: a label, or a spec, which stands for its first caller model; empty: seeing-through, or the first
/// attack where that is not there.
/// Errors  kInvalidArgument (no such attack: names those there are); kNotFound (no row is done).
Result<StudySummary> Summarise(const StudyData& data, const std::string& baseline);

}  // namespace peekproof::study
