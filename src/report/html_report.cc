// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/html_report.h"

#include <nlohmann/json.hpp>

#include "report/embedded.h"
#include "report/html_view.h"
#include "report/mustache.h"
#include "report/redact.h"

namespace peekproof::report {
namespace {

/// A number and its percent sign stay on one line.
std::string BindPercentSigns(std::string html) {
  for (size_t at = html.find(" %"); at != std::string::npos; at = html.find(" %", at)) {
    html.replace(at, 1, "&nbsp;");
  }
  return html;
}

}  // namespace

Result<std::string> HtmlReport(const audit::AuditResult& result) {
  PEEKPROOF_ASSIGN_OR_RETURN(nlohmann::json view, HtmlView(Redacted(result)));
  view["style"] = std::string(kReportStyle);
  return BindPercentSigns(RenderMustache(kReportTemplate, view));
}

}  // namespace peekproof::report
