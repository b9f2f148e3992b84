// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/testing/test_models.h"

#include <cstdlib>
#include <vector>

namespace peekproof::models::testing {
namespace {

namespace fs = std::filesystem;

}  // namespace

fs::path RepositoryFile(const std::string& path) { return fs::path(PEEKPROOF_SOURCE_DIR) / path; }

std::optional<fs::path> FindTestModel(const std::string& file) {
  std::vector<fs::path> folders;
  if (const char* chosen = std::getenv("PEEKPROOF_MODEL_DIR")) folders.emplace_back(chosen);
  folders.push_back(RepositoryFile("node_modules/@mediapipe/selfie_segmentation"));
  const char* data = std::getenv("PEEKPROOF_DATA");
  folders.push_back((data != nullptr ? fs::path(data) : RepositoryFile("../shared/data")) / "models");
  for (const fs::path& folder : folders) {
    std::error_code error;
    if (fs::is_regular_file(folder / file, error)) return folder / file;
  }
  return std::nullopt;
}

}  // namespace peekproof::models::testing
