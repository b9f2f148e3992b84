// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.h"

#include <algorithm>

namespace peekproof {

void Diagnostics::Add(ErrorCode code, const std::string& message, double time_s) {
  AddCounted({.code = code, .message = message, .count = 1, .first_time_s = time_s});
}

void Diagnostics::Merge(const Diagnostics& other) {
  for (const Diagnostic& diagnostic : other.items_) AddCounted(diagnostic);
}

void Diagnostics::AddCounted(const Diagnostic& diagnostic) {
  const auto same = std::find_if(items_.begin(), items_.end(), [&](const Diagnostic& item) {
    return item.code == diagnostic.code && item.message == diagnostic.message;
  });
  if (same == items_.end()) {
    items_.push_back(diagnostic);
    return;
  }
  same->count += diagnostic.count;
  const bool earlier = diagnostic.first_time_s >= 0 &&
                       (same->first_time_s < 0 || diagnostic.first_time_s < same->first_time_s);
  if (earlier) same->first_time_s = diagnostic.first_time_s;
}

}  // namespace peekproof
