// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "study/study_data.h"
#include "study/study_summary.h"

namespace peekproof::study {

/// A study as one self-contained HTML page: no script, nothing loaded from elsewhere, all texts escaped,
/// folders removed from paths. Tables and plots per engine, and sample pictures of one scene of each, as far
/// as the study's pictures and the scene's true room are there.
///
/// folder: the study's. Errors  Those of the picture encoders.
Result<std::string> StudyHtml(const StudyData& data, const StudySummary& summary, const std::string& folder);

}  // namespace peekproof::study
