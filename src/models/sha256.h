// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/result.h"

namespace peekproof::models {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string Sha256(std::span<const uint8_t> bytes);

/// SHA-256 of a file, read in pieces. Errors: kIo.
Result<std::string> Sha256OfFile(const std::filesystem::path& path);

}  // namespace peekproof::models
