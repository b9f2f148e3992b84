// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace peekproof::report {

/// Writes a text as a file of that name, whole or not at all, readable by the user only. Errors  kIo.
Result<void> WriteTextFile(const std::string& path, const std::string& text);

/// A field of a CSV file (RFC 4180): quoted where it has to be.
std::string CsvField(const std::string& text);

}  // namespace peekproof::report
