// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <vector>

#include "audit/audit.h"
#include "audit/audit_result.h"
#include "audit/finding_search.h"
#include "base/result.h"

namespace peekproof::audit {

/// Looks for what can be named in the raw frames that show most of the room: the first of each of two runs.
/// The caller is left out, and blacked out unless options.show_caller.
/// In      raw: as in AuditResult. Out  by time; fewer where `stop` was asked for.
/// Errors  CaptureMoment's, FindingSearch's.
Result<std::vector<RawView>> LookIntoRawFrames(const AuditOptions& options,
                                               const std::vector<RawInterval>& raw, FindingSearch* search,
                                               const std::stop_token& stop);

}  // namespace peekproof::audit
