// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>

namespace peekproof::internal {
/// Prints the failed condition with its place and message, and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, const std::string& message);
}  // namespace peekproof::internal

/// Aborts when `condition` is false: a bug in this program, never bad input. The same in every build.
/// PEEKPROOF_CHECK(i < n, "index {} of {}", i, n);
#define PEEKPROOF_CHECK(condition, ...)                                                               \
  do {                                                                                                \
    if (!(condition)) [[unlikely]]                                                                    \
      ::peekproof::internal::CheckFailed(__FILE__, __LINE__, #condition, ::fmt::format(__VA_ARGS__)); \
  } while (false)
