// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/open_model.h"

#include <fmt/format.h>

#include "models/join.h"
#include "models/model_files.h"
#include "models/sha256.h"

namespace peekproof::models {
namespace {

constexpr size_t kMaxModelBytes = size_t{256} << 20U;

Result<void> CheckTask(const ModelEntry& entry, ModelTask task) {
  if (entry.task == task) return {};
  return Error{ErrorCode::kInvalidArgument, fmt::format("model {} is for the task {}, not for {}", entry.name,
                                                        TaskName(entry.task), TaskName(task))};
}

Result<ModelFile> OpenRegistered(const ModelEntry& entry, ModelTask task) {
  PEEKPROOF_RETURN_IF_ERROR(CheckTask(entry, task));
  const std::optional<std::filesystem::path> path = FindModelFile(entry);
  if (!path.has_value()) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("model {} is not installed; {}", entry.name, HowToGet(entry))};
  }
  ModelFile file{entry.name, *path, {}, {}, entry.traits};
  PEEKPROOF_ASSIGN_OR_RETURN(file.bytes, ReadFileBytes(*path, kMaxModelBytes));
  file.sha256 = Sha256(file.bytes);
  if (file.sha256 != entry.sha256) {
    return Error{
        ErrorCode::kCorruptData,
        fmt::format(
            "model {} is damaged: its SHA-256 is {} instead of {}; delete the file and fetch it again: "
            "{}",
            entry.name, file.sha256, entry.sha256, path->string())};
  }
  return file;
}

Result<ModelFile> OpenPath(const std::string& model, const Registry& registry, ModelTask task) {
  const std::filesystem::path path(model);
  ModelFile file{path.filename().string(), path, {}, {}, {}};
  PEEKPROOF_ASSIGN_OR_RETURN(file.bytes, ReadFileBytes(path, kMaxModelBytes));
  file.sha256 = Sha256(file.bytes);
  const ModelEntry* known = registry.FindBySha256(file.sha256);
  if (known != nullptr) {
    PEEKPROOF_RETURN_IF_ERROR(CheckTask(*known, task));
    file.label = known->name;
    file.traits = known->traits;
  }
  return file;
}

/// What files a task's models come in.
const char* FileKinds(ModelTask task) {
  switch (task) {
    case ModelTask::kSegment:
      return ".tflite or .onnx";
    case ModelTask::kEnhance:
      return ".pb or .onnx";
    default:
      return ".onnx";
  }
}

}  // namespace

Result<ModelFile> OpenModel(const std::string& model, ModelTask task) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Registry registry, LoadRegistry());
  if (const ModelEntry* entry = registry.Find(model)) return OpenRegistered(*entry, task);
  const bool is_path = model.find_first_of("./") != std::string::npos;
  if (is_path) return OpenPath(model, registry, task);
  std::vector<std::string> names;
  for (const ModelEntry& entry : registry.models) {
    if (entry.task == task) names.push_back(entry.name);
  }
  return Error{ErrorCode::kNotFound,
               fmt::format("no model is called {}; there are {}, or give the path of a {} file", model,
                           Join(names, ", "), FileKinds(task))};
}

Error ErrorInModel(const ModelFile& file, const Error& error) {
  return {error.code,
          fmt::format("cannot use model {}: {}: {}", file.label, error.message, file.path.string())};
}

}  // namespace peekproof::models
