// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/audit_result.h"
#include "base/result.h"

namespace peekproof::report {

/// Paths of what WriteReport wrote.
struct WrittenFiles {
  std::string report_html;     ///< docs/report.md
  std::string result_json;     ///< docs/result-json.md
  std::string room_png;        ///< RGBA in frame size: alpha 255 where known, 0 where absent.
  std::string confidence_png;  ///< 8-bit grey in frame size: 0 absent, 255 certain.
  std::string unblurred_png;   ///< BGR in frame size; empty: the background of the main part is not blurred.
  std::string enhanced_png;    ///< BGR; empty: nothing was enhanced by a network.
};

/// Tells before a long audit whether WriteReport could write: the folder, or the nearest one above it that
/// exists, is a folder in which this user may make files. Makes nothing.
///
/// Errors  As WriteReport.
Result<void> CheckReportDirectory(const std::string& directory);

/// Writes the files of an audit into `directory`, which is made (readable by the user only) where it does not
/// exist. Replaces those files and touches no other. Each file is readable by the user only and
/// appears whole or not at all (temporary file, rename). Where the audit made no room picture, room.png is
/// all transparent and confidence.png all black.
///
/// Errors  kIo or kInvalidArgument, with the reason and the path.
Result<WrittenFiles> WriteReport(const audit::AuditResult& result, const std::string& directory);

}  // namespace peekproof::report
