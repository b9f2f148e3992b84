// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "audit/audit_result.h"

namespace peekproof::audit {

/// Collects the leak over time in a bounded number of samples: frames are averaged in bins, and whenever
/// there are too many bins, neighbours are merged.
class Timeline {
 public:
  static constexpr size_t kMaxSamples = 600;

  /// Frames in presentation order.
  void Add(double time_s, double leak_share, double revealed_share);

  /// One sample a bin: time of its first frame, mean leak, revealed share at its end.
  std::vector<LeakSample> Samples() const;

 private:
  struct Bin {
    double time_s = 0;
    double leak_sum = 0;
    double revealed_share = 0;
    int64_t frames = 0;
  };
  void MergeNeighbours();

  std::vector<Bin> bins_;
  int64_t frames_per_bin_ = 1;
};

}  // namespace peekproof::audit
