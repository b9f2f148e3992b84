// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace peekproof {

/// Hears how far long work has come. Implementations decide how often they show it; calls are cheap and come
/// from one thread at a time.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  /// `done` of `total` units of `stage`; total is 0 where it is not known.
  virtual void Report(std::string_view stage, int64_t done, int64_t total) = 0;
};

}  // namespace peekproof
