// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "audit/audit_result.h"

namespace peekproof::audit {

/// What RemediesFor(engine) let through on 14 calls of the test bed, by rising leak, from a table: nothing is
/// run. Recommended of those that leak less than the engine itself is marked. Empty for an engine that is not
/// one of kCandidateEngines as it is, without parameters.
std::vector<ClosingSetting> ClosingSettings(const std::string& engine);

/// Fills `closing` of a result with a verdict: where the room was shown or leaks, for the main segment's
/// engine.
void AddClosing(AuditResult* result);

}  // namespace peekproof::audit
