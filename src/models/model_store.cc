// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/model_store.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "models/download.h"
#include "models/model_files.h"
#include "models/sha256.h"

namespace peekproof::models {
namespace {

namespace fs = std::filesystem;

/// Entries of the given names, or all.
Result<std::vector<const ModelEntry*>> Select(const Registry& registry,
                                              const std::vector<std::string>& names) {
  std::vector<const ModelEntry*> entries;
  for (const std::string& name : names) {
    const ModelEntry* entry = registry.Find(name);
    if (entry == nullptr) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("no model is called {}; `peekproof models list` shows all", name)};
    }
    entries.push_back(entry);
  }
  if (names.empty()) {
    for (const ModelEntry& entry : registry.models) entries.push_back(&entry);
  }
  return entries;
}

Result<void> CheckHash(const ModelEntry& entry, const fs::path& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string sha256, Sha256OfFile(path));
  if (sha256 == entry.sha256) return {};
  return Error{ErrorCode::kCorruptData,
               fmt::format("SHA-256 is {} instead of {}: {}", sha256, entry.sha256, path.string())};
}

/// Characters of a file name that must not stand in an address, as %20 and so on.
std::string Escaped(const std::string& file) {
  std::string escaped;
  for (const char c : file) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::string AddressOf(const ModelEntry& entry, const FetchOptions& options) {
  if (options.mirror.empty()) return entry.address;
  return options.mirror + (options.mirror.ends_with('/') ? "" : "/") + Escaped(entry.file);
}

/// Gives a complete part its name.
Result<void> Finish(const ModelEntry& entry, const fs::path& part, const fs::path& target) {
  std::error_code error;
  Result<void> checked = CheckHash(entry, part);
  if (!checked.ok()) {
    if (checked.error().code == ErrorCode::kCorruptData) fs::remove(part, error);
    return checked;
  }
  fs::rename(part, target, error);
  if (error)
    return Error{ErrorCode::kIo,
                 fmt::format("cannot rename the download ({}): {}", error.message(), target.string())};
  return {};
}

/// Downloads one model. A part that an earlier call left may be whole already, or of another file: what was
/// continued and does not have the right hash is fetched once more from its start.
Result<void> Fetch(const ModelEntry& entry, const FetchOptions& options, const fs::path& target,
                   const DownloadProgress& progress, const std::stop_token& stop) {
  const std::string address = AddressOf(entry, options);
  if (address.empty()) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("model {} cannot be fetched directly; {}", entry.name, HowToGet(entry))};
  }
  const fs::path part = target.string() + ".part";
  std::error_code error;
  const bool continued = fs::exists(part, error);
  if (continued && CheckHash(entry, part).ok()) return Finish(entry, part, target);
  PEEKPROOF_RETURN_IF_ERROR(Download(address, part, progress, stop));
  Result<void> finished = Finish(entry, part, target);
  if (finished.ok() || !continued || finished.error().code != ErrorCode::kCorruptData) return finished;
  PEEKPROOF_RETURN_IF_ERROR(Download(address, part, progress, stop));
  return Finish(entry, part, target);
}

/// A file of this model with the right hash, in the folder asked for or else in any model folder.
std::optional<fs::path> Present(const ModelEntry& entry, const FetchOptions& options) {
  std::error_code error;
  std::optional<fs::path> path = options.folder / entry.file;
  if (options.folder.empty()) path = FindModelFile(entry);
  if (path.has_value() && fs::exists(*path, error) && CheckHash(entry, *path).ok()) return path;
  return std::nullopt;
}

Result<void> CheckMirror(const std::string& mirror) {
  for (const char* scheme : {"https://", "http://", "file://"}) {
    if (mirror.empty() || mirror.starts_with(scheme)) return {};
  }
  return Error{
      ErrorCode::kInvalidArgument,
      fmt::format("a mirror is an address that starts with https://, http:// or file://, not {}", mirror)};
}

Result<void> MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder, error)) {
    return Error{ErrorCode::kIo, fmt::format("cannot make the model folder: {}", folder.string())};
  }
  return {};
}

}  // namespace

std::vector<InstalledModel> ListModels(const Registry& registry) {
  std::vector<InstalledModel> models;
  for (const ModelEntry& entry : registry.models) {
    const std::optional<fs::path> path = FindModelFile(entry);
    models.push_back({entry, path.has_value(), path.value_or(fs::path())});
  }
  return models;
}

Result<std::vector<ModelOutcome>> VerifyModels(const Registry& registry,
                                               const std::vector<std::string>& names) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<const ModelEntry*> entries, Select(registry, names));
  std::vector<ModelOutcome> outcomes;
  for (const ModelEntry* entry : entries) {
    const std::optional<fs::path> path = FindModelFile(*entry);
    if (path.has_value()) {
      outcomes.push_back({entry->name, *path, CheckHash(*entry, *path)});
    } else if (!names.empty()) {
      outcomes.push_back(
          {entry->name, {}, Error{ErrorCode::kNotFound, "not installed; " + HowToGet(*entry)}});
    }
  }
  return outcomes;
}

Result<std::vector<ModelOutcome>> FetchModels(const Registry& registry, const std::vector<std::string>& names,
                                              const FetchOptions& options, ProgressSink* progress,
                                              const std::stop_token& stop) {
  PEEKPROOF_RETURN_IF_ERROR(CheckMirror(options.mirror));
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<const ModelEntry*> entries, Select(registry, names));
  const fs::path folder = options.folder.empty() ? DefaultModelFolder() : options.folder;
  PEEKPROOF_RETURN_IF_ERROR(MakeFolder(folder));
  std::vector<ModelOutcome> outcomes;
  for (const ModelEntry* entry : entries) {
    if (names.empty() && AddressOf(*entry, options).empty() && entry->npm.empty()) continue;
    const std::optional<fs::path> present = Present(*entry, options);
    if (present.has_value()) {
      outcomes.push_back({entry->name, *present, {}});
      continue;
    }
    const fs::path target = folder / entry->file;
    const DownloadProgress tell = [&](int64_t done, int64_t total) {
      if (progress != nullptr) progress->Report(entry->name, done, total);
    };
    outcomes.push_back({entry->name, target, Fetch(*entry, options, target, tell, stop)});
    if (stop.stop_requested()) break;
  }
  return outcomes;
}

}  // namespace peekproof::models
