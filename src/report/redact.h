// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_result.h"
#include "base/diagnostics.h"

namespace peekproof::report {

/// `text` with every absolute path ("/home/ann/call.mp4", "~/call.mp4") reduced to its last part. A path
/// begins at the start of the text or after a space, quote, bracket, comma, colon or equals sign, and ends
/// before the next of them; a text that begins with a slash is one path, spaces and all.
std::string WithoutFolders(std::string_view text);

/// The same result with all texts but its diagnostics cleaned (CleanText) and without folders: a report says
/// what was found, not where on whose disk. The pictures are shared, not copied.
audit::AuditResult Redacted(const audit::AuditResult& result);
/// The same for the diagnostics.
std::vector<Diagnostic> RedactedItems(const Diagnostics& diagnostics);

}  // namespace peekproof::report
