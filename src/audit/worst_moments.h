// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "audit/audit_result.h"
#include "image/frame.h"

namespace peekproof::audit {

/// Keeps the few moments at which most of the room showed, at least a second apart.
class WorstMoments {
 public:
  static constexpr size_t kMaxMoments = 6;
  static constexpr double kApartSeconds = 1.0;

  /// Takes a frame if it is among the worst so far. `picture` is called only then and gives the picture to
  /// keep.
  ///
  /// In      leak: 255 where it leaks; copied when kept. leak_share: rank of the moment, in [0, 1].
  template <typename MakePicture>
  void Offer(const image::Frame& frame, const cv::Mat1b& leak, double leak_share, MakePicture&& picture) {
    if (!Wants(frame.time_s, leak_share)) return;
    Keep({.time_s = frame.time_s,
          .frame_index = frame.index,
          .leak_share = leak_share,
          .picture = picture(),
          .leak = leak.clone()});
  }

  /// Worst first.
  const std::vector<WorstMoment>& moments() const { return moments_; }

 private:
  bool Wants(double time_s, double leak_share) const;
  void Keep(WorstMoment moment);

  std::vector<WorstMoment> moments_;
};

}  // namespace peekproof::audit
