// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "study/database.h"
#include "study/study_data.h"

namespace peekproof::study {

/// A scene's options as one JSON object, in their order.
std::string OptionsJson(const std::vector<std::pair<std::string, std::string>>& options);

/// Reads all tables of a study. Metrics that this program does not know are left out, those that the study
/// does not hold are not a number. Errors  kIo, kCorruptData (options that are no JSON object).
Result<StudyData> ReadStudyData(const Database& database);

}  // namespace peekproof::study
