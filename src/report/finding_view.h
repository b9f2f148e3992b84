// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <vector>

#include "audit/finding.h"
#include "base/result.h"

namespace peekproof::report {

/// What the report's template shows of finds, with a cut-out of `picture` (BGR or BGRA) around each; null
/// where there are none. Errors  the encoder's.
Result<nlohmann::json> FindingsView(const std::vector<audit::Finding>& findings, const cv::Mat& picture);

}  // namespace peekproof::report
