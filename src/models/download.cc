// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/download.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <memory>

namespace peekproof::models {
namespace {

namespace fs = std::filesystem;

constexpr long kConnectTimeoutSeconds = 30;
/// A transfer slower than this many bytes per second for kStallSeconds counts as broken.
constexpr long kStallBytesPerSecond = 16;
constexpr long kStallSeconds = 60;

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

/// What libcurl's callbacks work on.
struct Transfer {
  std::ofstream file;
  int64_t already_there = 0;
  const DownloadProgress* progress = nullptr;
  const std::stop_token* stop = nullptr;
};

size_t WriteBytes(const char* data, size_t size, size_t count, void* context) {
  auto* transfer = static_cast<Transfer*>(context);
  transfer->file.write(data, static_cast<std::streamsize>(size * count));
  return transfer->file ? size * count : 0;
}

int TellProgress(void* context, curl_off_t total, curl_off_t done, curl_off_t /*up_total*/,
                 curl_off_t /*up*/) {
  const auto* transfer = static_cast<Transfer*>(context);
  const int64_t whole = total > 0 ? total + transfer->already_there : 0;
  if (*transfer->progress) (*transfer->progress)(done + transfer->already_there, whole);
  return transfer->stop->stop_requested() ? 1 : 0;
}

void Configure(CURL* curl, const std::string& address, Transfer* transfer, char* error_text) {
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectTimeoutSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_text);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, WriteBytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, TellProgress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
  curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer->already_there));
}

Error ErrorFrom(CURL* curl, CURLcode code, const char* error_text, const std::string& address) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  const std::string reason = *error_text != '\0' ? error_text : curl_easy_strerror(code);
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return {ErrorCode::kInterrupted, "the download was stopped; a later one continues it"};
    case CURLE_WRITE_ERROR:
      return {ErrorCode::kIo, "cannot write the download to the disk"};
    case CURLE_FILE_COULDNT_READ_FILE:
      return {ErrorCode::kNotFound, "no such file: " + address};
    case CURLE_HTTP_RETURNED_ERROR:
      if (status == 404 || status == 410) return {ErrorCode::kNotFound, "no such file: " + address};
      [[fallthrough]];
    default:
      return {ErrorCode::kIo, fmt::format("the download failed ({}): {}", reason, address)};
  }
}

/// libcurl wants this once per process, before the first transfer.
bool InitialiseCurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK;
}

/// One attempt; `*restart` tells that the server cannot continue where the file ends.
Result<void> Attempt(const std::string& address, const fs::path& target, const DownloadProgress& progress,
                     const std::stop_token& stop, bool* restart) {
  const std::unique_ptr<CURL, CurlDeleter> curl(InitialiseCurl() ? curl_easy_init() : nullptr);
  if (curl == nullptr) return Error{ErrorCode::kInternal, "libcurl cannot be set up"};
  Transfer transfer;
  std::error_code error;
  const uintmax_t size = fs::file_size(target, error);
  transfer.already_there = error ? 0 : static_cast<int64_t>(size);
  transfer.file.open(target, std::ios::binary | std::ios::app);
  if (!transfer.file) return Error{ErrorCode::kIo, "cannot write: " + target.string()};
  transfer.progress = &progress;
  transfer.stop = &stop;
  std::array<char, CURL_ERROR_SIZE> error_text{};
  Configure(curl.get(), address, &transfer, error_text.data());
  const CURLcode code = curl_easy_perform(curl.get());
  transfer.file.close();
  if (code == CURLE_OK) {
    if (!transfer.file) return Error{ErrorCode::kIo, "cannot write the download to the disk"};
    return {};
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool out_of_range = code == CURLE_HTTP_RETURNED_ERROR && status == 416;
  *restart = transfer.already_there > 0 &&
             (code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME || out_of_range);
  return ErrorFrom(curl.get(), code, error_text.data(), address);
}

}  // namespace

Result<void> Download(const std::string& address, const fs::path& target, const DownloadProgress& progress,
                      const std::stop_token& stop) {
  if (stop.stop_requested()) return Error{ErrorCode::kInterrupted, "the download was stopped"};
  bool restart = false;
  Result<void> done = Attempt(address, target, progress, stop, &restart);
  if (!restart) return done;
  std::error_code error;
  fs::remove(target, error);
  return Attempt(address, target, progress, stop, &restart);
}

}  // namespace peekproof::models
