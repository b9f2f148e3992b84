// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/output_path.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "media/picture_sequence.h"

namespace peekproof::media {
namespace {

Error Refused(const char* why, const std::string& path) {
  return {ErrorCode::kInvalidArgument, fmt::format("{}: {}", why, path)};
}

bool IsSameFile(const struct stat& status, const std::string& path) {
  struct stat other {};
  return stat(path.c_str(), &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino;
}

}  // namespace

Result<void> CheckOutput(const std::string& path, std::span<const std::string> inputs, Overwrite overwrite) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return Refused("the output is a folder; give a file name", path);
    if (!S_ISREG(status.st_mode)) return Refused("the output is a device or a pipe; give a file name", path);
    for (const std::string& input : inputs) {
      if (IsSameFile(status, input)) return Refused("the output is the input; give another name", path);
    }
    if (overwrite == Overwrite::kAllow) return {};
    return Refused("the output exists; give another name, or --force to replace it", path);
  }
  if (errno != ENOENT && errno != ENOTDIR) {
    return Error{ErrorCode::kIo, fmt::format("the output cannot be looked up ({}); check the folder: {}",
                                             std::strerror(errno), path)};
  }
  if (!IsPicturePattern(path)) return {};
  const Result<PictureSequence> present = FindPictureSequence(path);
  if (present.ok()) {
    return Refused("numbered pictures of this name exist; remove them or choose another folder", path);
  }
  return present.error().code == ErrorCode::kNotFound ? Result<void>() : present.error();
}

}  // namespace peekproof::media
