// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "models/registry.h"

namespace peekproof::models {

/// A registry entry and whether its file is there.
struct InstalledModel {
  ModelEntry entry;
  bool installed = false;      ///< A file of that name is in a model folder; its hash is not looked at.
  std::filesystem::path path;  ///< That file.
};

/// `peekproof models list`: every model of the registry, in its order.
std::vector<InstalledModel> ListModels(const Registry& registry);

/// What became of one model.
struct ModelOutcome {
  std::string name;
  std::filesystem::path path;  ///< The file; empty where there is none.
  Result<void> result;         ///< kNotFound: not installed. kCorruptData: another hash. Others as they come.
};

/// `peekproof models verify`: hashes the installed file of each model. `names` empty means every installed
/// one.
///
/// Errors  kInvalidArgument for a name that is not in the registry.
Result<std::vector<ModelOutcome>> VerifyModels(const Registry& registry,
                                               const std::vector<std::string>& names);

/// How models are fetched.
struct FetchOptions {
  std::string mirror;            ///< Address of a folder that holds the files by name (http, https or file);
                                 ///< empty: each model's own address.
  std::filesystem::path folder;  ///< Where to; empty: DefaultModelFolder(). Made when it is not there.
};

/// `peekproof models fetch`: brings models into a folder, one after the other. `names` empty means all that
/// have an address or, with a mirror, all. A model whose file is there with the right hash is left alone.
///
/// A file grows as NAME.part, which a later call continues, and gets its name when its hash is right: at no
/// time is a wrong or half a file in place. Progress counts bytes, with the model's name as stage.
///
/// Errors  kInvalidArgument for a name that is not in the registry or a mirror of another kind. Per model:
///         kNotFound (not on the mirror, or no address: says how to get it), kCorruptData (wrong hash:
///         nothing is kept), kIo (network or disk; the part is kept), kInterrupted (the part is kept).
Result<std::vector<ModelOutcome>> FetchModels(const Registry& registry, const std::vector<std::string>& names,
                                              const FetchOptions& options, ProgressSink* progress,
                                              const std::stop_token& stop);

}  // namespace peekproof::models
