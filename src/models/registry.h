// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/model_traits.h"

namespace peekproof::models {

/// What a model is for.
enum class ModelTask { kSegment, kDetectObjects, kDetectFaces, kEnhance, kDepth };

/// "segment", "detect-objects", "detect-faces", "enhance", "depth".
const char* TaskName(ModelTask task);

/// A model that the registry names; the fields of one [[model]] table of models/registry.toml.
struct ModelEntry {
  std::string name;  ///< "landscape".
  ModelTask task = ModelTask::kSegment;
  std::string summary;  ///< One line for lists.
  std::string file;     ///< File name in a model folder or on a mirror.
  std::string sha256;   ///< 64 lower-case hexadecimal digits.
  std::string licence;
  std::string npm;                    ///< npm package that ships the file, or empty.
  std::string path;                   ///< Where in that package.
  std::string address;                ///< http(s) address where its project publishes the file, or empty.
  std::optional<ModelTraits> traits;  ///< For task segment.
};

/// The models that this program knows, in the order of the file.
struct Registry {
  std::vector<ModelEntry> models;

  /// The entry with a name, or null.
  const ModelEntry* Find(std::string_view name) const;
  /// The first entry with a hash, or null.
  const ModelEntry* FindBySha256(std::string_view sha256) const;
};

/// Parses a registry file (TOML).
///
/// Errors  kCorruptData: "line 12: ...", for broken TOML, a missing, misspelt or mistyped field, a file name
///         with folders in it, a hash that is none, or a name given twice.
Result<Registry> ParseRegistry(std::string_view toml);

/// The registry built into the program, changed and extended by the file named in $PEEKPROOF_REGISTRY, whose
/// entries replace those of the same name.
///
/// Errors  kIo and kCorruptData for the file in $PEEKPROOF_REGISTRY, with its path.
Result<Registry> LoadRegistry();

}  // namespace peekproof::models
