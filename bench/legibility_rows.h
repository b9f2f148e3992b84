// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What blur_legibility measures, as a file, as plots and as a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof {

/// One pipeline on one call behind one blur.
struct LegibilityRow {
  uint64_t seed = 0;
  std::string channel;
  double sigma = 0;
  std::string pipeline;
  double told = 0;  ///< Sigma that was identified; 0: none.
  double noise = 0;
  std::vector<double> error_rates;  ///< By size (testbed::kChartSizesPx); empty: there was no writing.
  double objects = -1;              ///< Share found again; below 0: there were none.
};

void WriteLegibility(const std::vector<LegibilityRow>& rows, const std::string& path);
/// What WriteLegibility wrote. Errors  kIo; kCorruptData naming the line.
Result<std::vector<LegibilityRow>> ReadLegibility(const std::string& path);

/// Two plots for each channel into a folder, which is made: wrong characters of the size in question, and
/// objects. Errors  kIo.
Result<void> PlotLegibility(const std::vector<LegibilityRow>& rows, int size_px, const std::string& folder);

/// For each channel and pipeline: the largest sigma behind which a line of each size was read with at most
/// one character in five wrong, in the mean over calls; as a table in Markdown; empty where there was no
/// writing.
std::string LegibilityTable(const std::vector<LegibilityRow>& rows);

}  // namespace peekproof
