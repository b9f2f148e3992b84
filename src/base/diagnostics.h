// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof {

/// One kind of partial failure and how often it happened.
struct Diagnostic {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  int64_t count = 0;
  double first_time_s = -1.0;  ///< Presentation time of the first one; negative where it has none.
};

/// Collects partial failures (a damaged frame, a fallback) so that work goes on and the report tells of them.
/// Equal (code, message) pairs are counted, not repeated. Not thread-safe: one per thread, then Merge.
class Diagnostics {
 public:
  void Add(ErrorCode code, const std::string& message, double time_s = -1.0);
  void Merge(const Diagnostics& other);

  const std::vector<Diagnostic>& items() const { return items_; }
  bool empty() const { return items_.empty(); }

 private:
  void AddCounted(const Diagnostic& diagnostic);

  std::vector<Diagnostic> items_;
};

}  // namespace peekproof
