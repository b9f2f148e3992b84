// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/result.h"

namespace peekproof::media {

enum class Overwrite { kRefuse, kAllow };

/// Whether a file, or numbered pictures ("out_%04d.png"), may be written to a path. To be asked before the
/// work begins.
///
/// inputs: files and patterns that are read. The output must be none of them by any name, whatever
/// `overwrite` says. Numbered pictures that exist are never overwritten: those with higher numbers would stay
/// behind the new ones. Errors  kInvalidArgument (exists, and --force is not given; is an input, a folder, a
/// device or a pipe).
Result<void> CheckOutput(const std::string& path, std::span<const std::string> inputs, Overwrite overwrite);

}  // namespace peekproof::media
