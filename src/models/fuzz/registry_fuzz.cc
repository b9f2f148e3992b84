// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "models/registry.h"

/// Whatever the text, the registry is refused in one line or its entries are fit for use as file names.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto registry = peekproof::models::ParseRegistry({reinterpret_cast<const char*>(data), size});
  if (!registry.ok()) {
    const std::string& message = registry.error().message;
    PEEKPROOF_CHECK(message.starts_with("line ") && message.find('\n') == std::string::npos, "{}", message);
    return 0;
  }
  for (const auto& entry : registry->models) {
    PEEKPROOF_CHECK(entry.file.find('/') == std::string::npos && !entry.file.starts_with('.'), "{}",
                    entry.file);
    PEEKPROOF_CHECK(entry.sha256.size() == 64, "{}", entry.sha256);
  }
  return 0;
}
