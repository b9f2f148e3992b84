// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace peekproof::models {

/// Hears bytes so far and in all (0 where that is not known).
using DownloadProgress = std::function<void(int64_t done, int64_t total)>;

/// Downloads an http, https or file address into `target`, appending to what is there (a range request).
/// Where the server cannot continue, it starts over. Redirects are followed, to http and https only.
///
/// Errors  kNotFound when the address has no such file; kIo for the network and the disk; kInterrupted.
Result<void> Download(const std::string& address, const std::filesystem::path& target,
                      const DownloadProgress& progress, const std::stop_token& stop);

}  // namespace peekproof::models
