// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::audit {

/// A few frames of a scene of unknown length, evenly spread: when there are too many, every second goes and
/// from then on only every second of those offered stays.
class FrameSamples {
 public:
  static constexpr size_t kMost = 12;

  void Offer(const cv::Mat3b& frame) {
    if (offered_++ % stride_ != 0) return;
    if (frames_.size() == kMost) {
      Thin();
      if ((offered_ - 1) % stride_ != 0) return;
    }
    frames_.push_back(frame.clone());
  }
  const std::vector<cv::Mat3b>& frames() const { return frames_; }

 private:
  void Thin() {
    for (size_t i = 0; 2 * i < frames_.size(); ++i) frames_[i] = frames_[2 * i];
    frames_.resize((frames_.size() + 1) / 2);
    stride_ *= 2;
  }

  std::vector<cv::Mat3b> frames_;
  int64_t offered_ = 0;
  int64_t stride_ = 1;
};

}  // namespace peekproof::audit
