// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace peekproof::media {

/// A file that appears whole or not at all: written beside its final name, readable by the user only, and
/// renamed when complete.
class AtomicFile {
 public:
  /// Errors  kIo (no such folder, no permission); kInvalidArgument (the name is a folder's).
  static Result<AtomicFile> Create(const std::string& path);
  /// Discards what Commit has not completed.
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) = delete;

  /// Where to write until then; exists, empty.
  const std::string& temporary_path() const { return temporary_path_; }
  /// Appends, by way of the descriptor that Create opened.
  Result<void> Write(std::span<const uint8_t> bytes);
  /// Gives the file its name, replacing what is there.
  Result<void> Commit();

 private:
  AtomicFile(std::string path, std::string temporary_path, int descriptor);

  std::string path_;
  std::string temporary_path_;  ///< Empty once committed or moved from.
  int descriptor_ = -1;
};

}  // namespace peekproof::media
