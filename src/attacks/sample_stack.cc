// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/sample_stack.h"

#include <algorithm>
#include <cstddef>
#include <opencv2/core.hpp>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {

void SampleStack::Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded) {
  PEEKPROOF_CHECK(bgr.size() == excluded.size(), "sizes differ");
  if (seen_++ % stride_ != 0) return;
  if (frames() == most_frames_) {
    // Every second one goes; those that stay are seen_ of 0, 2n, 4n, ...
    for (size_t i = 0; 2 * i < samples_.size(); ++i) std::swap(samples_[i], samples_[2 * i]);
    samples_.resize((samples_.size() + 1) / 2);
    stride_ *= 2;
    if ((seen_ - 1) % stride_ != 0) return;
  }
  samples_.push_back({bgr.clone(), excluded.clone()});
}

cv::Mat3b SampleStack::Median() const {
  if (samples_.empty()) return {};
  cv::Mat3b medians(samples_.front().bgr.size(), cv::Vec3b::all(0));
  ParallelRows(medians.rows, [&](int first_row, int end_row) {
    std::vector<uint8_t> values(samples_.size());
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < medians.cols; ++x) {
        for (int c = 0; c < 3; ++c) {
          std::ptrdiff_t count = 0;
          for (const Sample& sample : samples_) {
            if (sample.excluded(y, x) == 0) values[static_cast<size_t>(count++)] = sample.bgr(y, x)[c];
          }
          if (count == 0) continue;
          const auto middle = values.begin() + (count - 1) / 2;
          std::nth_element(values.begin(), middle, values.begin() + count);
          medians(y, x)[c] = *middle;
        }
      }
    }
  });
  return medians;
}

void RunningLargest::Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded) {
  PEEKPROOF_CHECK(bgr.size() == excluded.size(), "sizes differ");
  if (largest_.empty()) largest_ = cv::Mat3b(bgr.size(), cv::Vec3b::all(0));
  cv::Mat1b counts;
  cv::bitwise_not(excluded, counts);
  cv::Mat larger;
  cv::max(static_cast<const cv::Mat&>(bgr), static_cast<const cv::Mat&>(largest_), larger);
  larger.copyTo(largest_, counts);
}

}  // namespace peekproof::attacks
