// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "study/study_data.h"
#include "study/study_summary.h"

namespace peekproof::study {

/// For a terminal: per engine a line per attack with means in percent, then recall at 10 with its interval
/// and median, then what attacks get more than the baseline.
std::string StudyText(const StudySummary& summary);

/// In how many scenes nothing leaked, and what that means; empty where something did in all.
std::string NoLeakNote(const EngineSummary& engine);

/// One line per row, failed ones included: what it is of, when and where it was made, and all metrics; empty
/// fields for what was not measured.
std::string StudyCsv(const StudyData& data);

/// All metrics of a row, a line each.
std::string RowText(const StudyRow& row);

}  // namespace peekproof::study
