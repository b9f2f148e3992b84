// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "audit/audit_result.h"
#include "base/result.h"

namespace peekproof::report {

/// What the report's template shows of the blur of the main part; null where it has none. Errors  the
/// encoder's.
Result<nlohmann::json> BlurView(const audit::AuditResult& result);

}  // namespace peekproof::report
