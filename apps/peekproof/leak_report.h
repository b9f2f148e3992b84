// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "testbed/scene_truth.h"

namespace peekproof::cli {

/// A scene of a set: the name of its folder, and its truth without pictures.
using NamedTruth = std::pair<std::string, testbed::SceneTruth>;

/// The option by which a set's scenes are best told apart in a picture: the engine where it varies, else the
/// first option that does, else the engine.
std::string GroupingOf(const std::vector<NamedTruth>& truths);

/// One line per scene: folder, every option that varies within the set, frames, and the leaked area of the
/// call as shares of the real environment.
std::string LeakCsv(const std::vector<NamedTruth>& truths);

/// A table of the leaked area by the values of an option: scenes, median and mean over calls, fully and
/// partially leaked and weighted, and the median and highest of single frames.
std::string LeakTable(const std::vector<NamedTruth>& truths, const std::string& option);

/// How the weighted leak of a call grew: its share of the real environment after a tenth, a quarter, half and
/// all of the call. One line; empty for a call without frames.
std::string GrowthLine(const testbed::SceneTruth& truth);

/// Writes leaks.csv, leaks_call.svg (as the paper's figure 8: one sample per call) and leaks_frame.svg (one
/// per frame; raw frames count in full) into a set's folder; gives their paths. Errors  kIo.
Result<std::vector<std::string>> WriteLeakReport(const std::vector<NamedTruth>& truths,
                                                 const std::string& option, const std::string& directory);

}  // namespace peekproof::cli
