// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "advise/advise.h"

namespace peekproof::cli {

/// What would have closed the leak, for people: where it was tried, a table by rising leak, and what to do.
std::string AdviceText(const advise::Advice& advice);

/// One or two sentences: what leaks least, and what does within the call's own program. What leaks less than
/// was measured at all is told as "less than".
std::string AdviceSentences(const advise::Advice& advice);

/// The same for programs (docs/advise.md).
std::string AdviceJson(const advise::Advice& advice);

}  // namespace peekproof::cli
