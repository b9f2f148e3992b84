// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_result.h"

namespace peekproof::report {

/// A made-up audit of a leaking call, with every field filled: for tests of the writers. Not the output of an
/// attack. `size` is at least 32 x 18.
audit::AuditResult SyntheticLeak(cv::Size size);

/// The same recording, had no virtual background been found.
audit::AuditResult SyntheticPlainRoom(cv::Size size);

/// A call behind a blur, in which one line of writing could be read.
audit::AuditResult SyntheticBlurredRoom(cv::Size size);

}  // namespace peekproof::report
