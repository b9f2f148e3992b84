// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_result.h"

namespace peekproof::audit {

/// Least share of the frame, recovered and expected to be right, that counts as a leak: below it, codec noise
/// on calls without any leak reaches the same (measured by bench/audit_floor on engine-free scenes).
constexpr double kLeakFloor = 0.0008;

/// Fills verdict, verdict_sentence, main_segment, the shares of the whole, advice and limits of a result
/// whose segments, raw intervals and diagnostics are complete.
void Conclude(AuditResult* result);

}  // namespace peekproof::audit
