// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace peekproof::report {

/// report_template.html and report.css, compiled in by embed.cmake.
extern const char kReportTemplate[];
extern const char kReportStyle[];

}  // namespace peekproof::report
