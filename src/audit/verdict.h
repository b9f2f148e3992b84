// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_result.h"

namespace peekproof::audit {

/// Least share of the frame, recovered with a confidence of 0.7 or more, that counts as a leak.
///
/// Above what the method gets wrong by itself: on four generated calls whose caller was put on the wallpaper
/// exactly, without any leak, the caller's rim and a waving hand came to at most 0.0045 (and to 0.03 to 0.06
/// of expected-correct share); leaking calls through the engines to 0.03 and more.
constexpr double kLeakFloor = 0.006;

/// Fills verdict, verdict_sentence, main_segment, the shares of the whole, advice and limits of a result
/// whose segments, raw intervals and diagnostics are complete.
void Conclude(AuditResult* result);

}  // namespace peekproof::audit
