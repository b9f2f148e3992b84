// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/audit_result.h"

namespace peekproof::report {

/// Version of the format that docs/result-json.md describes. Grows when a reader of the older one would
/// break.
inline constexpr int kJsonSchema = 1;

/// The audit as result.json (docs/result-json.md), with a newline at the end: keys in a fixed order, shares
/// rounded to six decimals and times to three, null for numbers that are not finite, no folders of paths, no
/// pictures. Well-formed UTF-8 whatever the file is called.
std::string JsonReport(const audit::AuditResult& result);

}  // namespace peekproof::report
