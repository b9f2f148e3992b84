// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/model_traits.h"
#include "models/registry.h"

namespace peekproof::models {

/// A model file with what the registry says of it.
struct ModelFile {
  std::string label;  ///< Registry name, or file name without one.
  std::filesystem::path path;
  std::vector<uint8_t> bytes;
  std::string sha256;
  std::optional<ModelTraits> traits;
};

/// Reads a model by its registry name or by the path of a file.
///
/// Errors  kNotFound (says how to fetch the model, or which names there are for the task), kInvalidArgument
///         (a model that the registry knows for another task), kCorruptData (another hash), ReadFileBytes'.
Result<ModelFile> OpenModel(const std::string& model, ModelTask task);

/// The error, with the model's name before it and its path behind.
Error ErrorInModel(const ModelFile& file, const Error& error);

}  // namespace peekproof::models
