// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/write_report.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>

#include "media/atomic_file.h"
#include "media/picture.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/pictures.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kDirectoryMode = 0700;

Error IoError(const char* what, int error_number, const std::string& path) {
  return {ErrorCode::kIo,
          fmt::format("{}: {}; choose another folder with -o: {}", what, std::strerror(error_number), path)};
}

Error NoName() { return {ErrorCode::kInvalidArgument, "the report's folder has no name; give one with -o"}; }

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

/// Writes one file, whole or not at all, readable by the user only. Gives its path.
Result<std::string> WriteFile(const fs::path& path, std::span<const uint8_t> bytes) {
  const auto write = [&]() -> Result<void> {
    PEEKPROOF_ASSIGN_OR_RETURN(media::AtomicFile file, media::AtomicFile::Create(path.string()));
    PEEKPROOF_RETURN_IF_ERROR(file.Write(bytes));
    return file.Commit();
  };
  if (auto written = write(); !written.ok()) {
    return Error{ErrorCode::kIo, "cannot write the report: " + written.error().message};
  }
  return path.string();
}

/// WriteFile; without bytes, removes what an older report left, for it would belong to nothing, and gives "".
Result<std::string> WriteOrRemove(const fs::path& path, std::span<const uint8_t> bytes) {
  if (!bytes.empty()) return WriteFile(path, bytes);
  std::error_code ignored;
  fs::remove(path, ignored);
  return std::string();
}

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<void> CheckReportDirectory(const std::string& directory) {
  if (directory.empty()) return NoName();
  fs::path existing = fs::path(directory).lexically_normal();
  std::error_code error;
  while (!fs::exists(existing, error) && existing.has_relative_path()) {
    if (!existing.has_parent_path()) {
      existing = ".";  // a relative name is made in the current folder
      break;
    }
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, error)) {
    return IoError("cannot make the report's folder", ENOTDIR, directory);
  }
  if (::access(existing.c_str(), W_OK | X_OK) != 0) {
    return IoError("cannot write the report", errno, directory);
  }
  return {};
}

Result<WrittenFiles> WriteReport(const audit::AuditResult& result, const std::string& directory) {
  if (directory.empty()) return NoName();
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

  std::vector<uint8_t> unblurred_png;
  std::vector<uint8_t> enhanced_png;
  if (const audit::BlurResult* blur = MainBlur(result)) {
    PEEKPROOF_ASSIGN_OR_RETURN(unblurred_png, media::EncodePng(blur->restored));
    if (blur->enhanced) {
      PEEKPROOF_ASSIGN_OR_RETURN(enhanced_png, media::EncodePng(blur->enhanced->bgr));
    }
  }

  const fs::path folder = directory;
  PEEKPROOF_RETURN_IF_ERROR(MakeDirectories(folder));
  WrittenFiles files;
  PEEKPROOF_ASSIGN_OR_RETURN(files.room_png, WriteFile(folder / "room.png", room_png));
  PEEKPROOF_ASSIGN_OR_RETURN(files.confidence_png, WriteFile(folder / "confidence.png", confidence_png));
  PEEKPROOF_ASSIGN_OR_RETURN(files.unblurred_png, WriteOrRemove(folder / "unblurred.png", unblurred_png));
  PEEKPROOF_ASSIGN_OR_RETURN(files.enhanced_png, WriteOrRemove(folder / "enhanced.png", enhanced_png));
  PEEKPROOF_ASSIGN_OR_RETURN(files.result_json, WriteFile(folder / "result.json", Bytes(json)));
  PEEKPROOF_ASSIGN_OR_RETURN(files.report_html, WriteFile(folder / "report.html", Bytes(html)));
  return files;
}

}  // namespace peekproof::report
