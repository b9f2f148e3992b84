// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "study/scene_scores.h"

namespace peekproof::cli {

/// The scores of one method on a scene.
struct ScoreColumn {
  std::string name;
  study::MetricValues values;
};

/// A scene and the scores of all methods on it, in the same order for every scene of a set.
struct ScoredScene {
  std::string name;
  std::vector<ScoreColumn> columns;
};

// Metrics that were not measured have no line in the tables, an empty field in CSV, and null in JSON.

/// A line per metric and a column per method, with what each metric means.
std::string ScoreTable(const ScoredScene& scene);

/// Per metric and method: mean with its 95 % interval, and the median; then the paired differences of every
/// method to the first that is not the bare wallpaper. Bootstrap over scenes.
std::string SetTable(const std::vector<ScoredScene>& scenes);

/// One line per scene and method.
std::string ScoreCsv(const std::vector<ScoredScene>& scenes);
/// The same as JSON: {"scenes": [{"scene", "methods": [{"method", metric: value, ...}]}]}.
std::string ScoreJson(const std::vector<ScoredScene>& scenes);

}  // namespace peekproof::cli
