// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/write_report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>

#include "media/picture.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/pictures.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;

Error IoError(const char* what, int error_number, const std::string& path) {
  return {ErrorCode::kIo,
          fmt::format("{}: {}; choose another folder with -o: {}", what, std::strerror(error_number), path)};
}

/// Makes `directory` and its missing parents, each for the user only.
Result<void> MakeDirectories(const fs::path& directory) {
  if (::mkdir(directory.c_str(), kDirectoryMode) == 0) return {};
  if (errno == ENOENT && directory.has_parent_path() && directory.parent_path() != directory) {
    PEEKPROOF_RETURN_IF_ERROR(MakeDirectories(directory.parent_path()));
    if (::mkdir(directory.c_str(), kDirectoryMode) == 0) return {};
  }
  const int error_number = errno;
  std::error_code ignored;
  if (error_number == EEXIST && fs::is_directory(directory, ignored)) return {};
  return IoError("cannot make the report's folder", error_number, directory.string());
}

bool WriteAll(int file, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

/// Writes `bytes` to a new temporary file beside `path`, then renames it to `path`.
Result<std::string> WriteFile(const fs::path& path, std::span<const uint8_t> bytes) {
  const std::string temporary = fmt::format("{}.{}.tmp", path.string(), ::getpid());
  ::unlink(temporary.c_str());  // left by a killed process of the same number
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (file < 0) return IoError("cannot write the report", errno, path.string());
  bool written = WriteAll(file, bytes);
  int error_number = errno;
  if (::close(file) != 0 && written) {
    written = false;
    error_number = errno;
  }
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return path.string();
  if (written) error_number = errno;
  ::unlink(temporary.c_str());
  return IoError("cannot write the report", error_number, path.string());
}

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<WrittenFiles> WriteReport(const audit::AuditResult& result, const std::string& directory) {
  if (directory.empty())
    return Error{ErrorCode::kInvalidArgument, "the report's folder has no name; give one with -o"};
  const audit::SegmentResult* segment = MainSegment(result);
  const bool has_room = segment != nullptr && !segment->room.size().empty();
  const image::Reconstruction room =
      has_room ? segment->room : image::Reconstruction::Absent(result.frame_size);
  // Everything is made before anything is written: an encoder's failure leaves an older report whole.
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string html, HtmlReport(result));
  const std::string json = JsonReport(result);
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<uint8_t> room_png, media::EncodePng(RoomPicture(room)));
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<uint8_t> confidence_png,
                             media::EncodePng(ConfidenceGrey(room)));

  const fs::path folder = directory;
  PEEKPROOF_RETURN_IF_ERROR(MakeDirectories(folder));
  WrittenFiles files;
  PEEKPROOF_ASSIGN_OR_RETURN(files.room_png, WriteFile(folder / "room.png", room_png));
  PEEKPROOF_ASSIGN_OR_RETURN(files.confidence_png, WriteFile(folder / "confidence.png", confidence_png));
  PEEKPROOF_ASSIGN_OR_RETURN(files.result_json, WriteFile(folder / "result.json", Bytes(json)));
  PEEKPROOF_ASSIGN_OR_RETURN(files.report_html, WriteFile(folder / "report.html", Bytes(html)));
  return files;
}

}  // namespace peekproof::report
