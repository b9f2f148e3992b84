// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "audit/audit.h"
#include "base/diagnostics.h"
#include "models/segmenter.h"

namespace peekproof::audit {

/// The options as used, in display order. Names files without their folders.
std::vector<std::pair<std::string, std::string>> DescribeOptions(const AuditOptions& options);

/// Program, libraries, and the network that `segmenter` is (with its backend and SHA-256), in display order.
std::vector<std::pair<std::string, std::string>> DescribeVersions(
    const std::vector<std::pair<std::string, const models::Segmenter*>>& segmenters);

/// Whether the diagnostics tell of damaged or unread input, so that the audit is partial.
bool IsDamaged(const Diagnostics& diagnostics);

}  // namespace peekproof::audit
