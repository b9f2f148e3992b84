// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/atomic_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace peekproof::media {
namespace {

Error Failed(const char* what, int error, const std::string& path) {
  return {ErrorCode::kIo,
          fmt::format("{} ({}); check the folder and its free space: {}", what, std::strerror(error), path)};
}

}  // namespace

AtomicFile::AtomicFile(std::string path, std::string temporary_path, int descriptor)
    : path_(std::move(path)), temporary_path_(std::move(temporary_path)), descriptor_(descriptor) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_path_(std::exchange(other.temporary_path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_path_.empty()) unlink(temporary_path_.c_str());
}

Result<AtomicFile> AtomicFile::Create(const std::string& path) {
  struct stat status {};
  if (path.empty() || (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("names a folder; give a file name: {}", path)};
  }
  std::string temporary_path = path + ".XXXXXX.tmp";
  constexpr int kEndingLength = 4;
  const int descriptor = mkstemps(temporary_path.data(), kEndingLength);  // Mode 0600.
  if (descriptor < 0) return Failed("the file cannot be created", errno, path);
  return AtomicFile(path, std::move(temporary_path), descriptor);
}

Result<void> AtomicFile::Write(std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("writing failed", errno, path_);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

Result<void> AtomicFile::Commit() {
  if (close(std::exchange(descriptor_, -1)) != 0) return Failed("writing failed", errno, path_);
  if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) {
    return Failed("the finished file cannot be named", errno, path_);
  }
  temporary_path_.clear();
  return {};
}

}  // namespace peekproof::media
