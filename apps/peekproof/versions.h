// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace peekproof::cli {

/// Version of this program and of the libraries that it runs with, one a line.
std::string VersionText();

}  // namespace peekproof::cli
