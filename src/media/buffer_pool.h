// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::media {

/// Buffers of one size that come back by themselves when nobody else holds them. For one thread.
class BufferPool {
 public:
  /// A buffer that nobody else holds, or an empty one to be allocated.
  cv::Mat3b Take() {
    for (const cv::Mat3b& buffer : buffers_) {
      if (IsFree(buffer)) return buffer;
    }
    return {};
  }
  /// Keeps track of a buffer that Take gave and the taker has filled.
  void Remember(const cv::Mat3b& buffer) {
    for (const cv::Mat3b& known : buffers_) {
      if (known.datastart == buffer.datastart) return;
    }
    // A consumer that keeps many frames must not make this list, or memory, grow: forgotten buffers are freed
    // by their last holder.
    if (buffers_.size() == kMost) buffers_.erase(buffers_.begin());
    buffers_.push_back(buffer);
  }

 private:
  static constexpr size_t kMost = 72;

  static bool IsFree(const cv::Mat3b& buffer) {
    // Pairs with the release of the last other holder, so that its reads come before our writes.
    return buffer.u != nullptr && __atomic_load_n(&buffer.u->refcount, __ATOMIC_ACQUIRE) == 1;
  }

  std::vector<cv::Mat3b> buffers_;
};

}  // namespace peekproof::media
