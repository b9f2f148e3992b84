// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "audit/audit_result.h"
#include "base/result.h"

namespace peekproof::report {

/// The values that report_template.html shows: texts ready to read, pictures as data URIs. Texts are not
/// escaped yet. `result` is Redacted. Errors: those of the picture encoders.
Result<nlohmann::json> HtmlView(const audit::AuditResult& result);

}  // namespace peekproof::report
