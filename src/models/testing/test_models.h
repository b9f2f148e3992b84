// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace peekproof::models::testing {

/// A model file for tests: looked for in $PEEKPROOF_MODEL_DIR, the npm package of this repository, and the
/// evaluation data ($PEEKPROOF_DATA/models, else ../shared/data/models beside the repository).
std::optional<std::filesystem::path> FindTestModel(const std::string& file);

/// A file of the repository, by its path from the root.
std::filesystem::path RepositoryFile(const std::string& path);

}  // namespace peekproof::models::testing
