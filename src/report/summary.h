// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/audit_result.h"

namespace peekproof::report {

/// The audit in a few lines of plain text, with a newline at the end of each: verdict, areas, raw frames,
/// what is partial. For a terminal: without control characters.
std::string BriefSummary(const audit::AuditResult& result);

}  // namespace peekproof::report
