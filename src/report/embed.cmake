# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT: report_template.html and report.css of FOLDER as string constants (declared in embedded.h).
file(READ "${FOLDER}/report_template.html" template)
file(READ "${FOLDER}/report.css" style)
file(WRITE "${OUTPUT}" "#include \"report/embedded.h\"

namespace peekproof::report {

const char kReportTemplate[] = R\"peekproof(${template})peekproof\";

const char kReportStyle[] = R\"peekproof(${style})peekproof\";

}  // namespace peekproof::report
")
