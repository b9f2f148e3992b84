// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_result.h"

namespace peekproof::audit {

/// Least share of the frame, recovered and expected to be right, that counts as a leak.
///
/// It is far below what the method gets wrong by itself: on generated calls whose caller was put on the
/// wallpaper exactly, without any leak, the caller's rim and a waving hand came to 5 to 10 %. So a small
/// share is a reason to look at the picture, not a proof; a floor above that would call real, narrow leaks
/// safe.
constexpr double kLeakFloor = 0.005;

/// Fills verdict, verdict_sentence, main_segment, the shares of the whole, advice and limits of a result
/// whose segments, raw intervals and diagnostics are complete.
void Conclude(AuditResult* result);

}  // namespace peekproof::audit
