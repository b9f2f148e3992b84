// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_result.h"

namespace peekproof::audit {

/// Least expected-correct share that counts as a leak.
///
/// Above what the method gets wrong by itself: on six calls of keyed, still and drawn people through the true
/// matte, of which less than 0.1 % of the frame leaked (alpha summed up), it was at most 0.0071. Of 17 calls
/// through engines that leaked 3 % of the frame or more, 16 reached 0.01; of 11 that leaked less than 1 %,
/// two did.
constexpr double kLeakFloor = 0.01;

/// Fills verdict, verdict_sentence, main_segment, the shares of the whole, advice and limits of a result
/// whose segments, raw intervals and diagnostics are complete.
void Conclude(AuditResult* result);

}  // namespace peekproof::audit
