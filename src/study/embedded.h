// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace peekproof::study {

/// study_template.html, compiled in by src/report/embed.cmake.
extern const char kStudyTemplate[];

}  // namespace peekproof::study
