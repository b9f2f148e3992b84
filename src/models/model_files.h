// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "models/registry.h"

namespace peekproof::models {

/// Where models are looked for, in this order: $PEEKPROOF_MODEL_DIR; models, ../models and
/// ../share/peekproof/models beside the program; $XDG_DATA_HOME/peekproof/models (~/.local/share without it).
std::vector<std::filesystem::path> ModelFolders();

/// Where `models fetch` puts models by default: $PEEKPROOF_MODEL_DIR, else the last of ModelFolders().
std::filesystem::path DefaultModelFolder();

/// The first file of that name in ModelFolders(); its hash is not looked at.
std::optional<std::filesystem::path> FindModelFile(const ModelEntry& entry);

/// How a user gets a model that is not installed, as the end of a message.
std::string HowToGet(const ModelEntry& entry);

/// Reads a whole file.
///
/// Errors  kNotFound; kUnsupported for a folder or more than `limit` bytes; kIo.
Result<std::vector<uint8_t>> ReadFileBytes(const std::filesystem::path& path, size_t limit);

}  // namespace peekproof::models
