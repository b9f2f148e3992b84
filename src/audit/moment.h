// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit.h"
#include "audit/audit_result.h"
#include "base/result.h"

namespace peekproof::audit {

/// Reads the first frame of a raw interval and makes a picture of it for the report, caller blacked out
/// unless options.show_caller.
Result<WorstMoment> CaptureMoment(const AuditOptions& options, const RawInterval& interval);

}  // namespace peekproof::audit
