// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/audit_result.h"
#include "base/result.h"

namespace peekproof::report {

/// The audit as one self-contained HTML page (docs/report.md): no script, nothing loaded from elsewhere, all
/// texts escaped, folders removed from paths. Absent pixels are transparent over a checkered ground.
///
/// Errors  Those of the picture encoders.
Result<std::string> HtmlReport(const audit::AuditResult& result);

}  // namespace peekproof::report
