// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/sample_stack.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {

void SampleStack::Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded) {
  PEEKPROOF_CHECK(bgr.size() == excluded.size(), "sizes differ");
  if (seen_++ % stride_ != 0) return;
  if (frames() == kMostFrames) {
    // Every second one goes; those that stay are seen_ of 0, 2n, 4n, ...
    for (size_t i = 0; 2 * i < samples_.size(); ++i) std::swap(samples_[i], samples_[2 * i]);
    samples_.resize(kMostFrames / 2);
    stride_ *= 2;
  }
  samples_.push_back({bgr.clone(), excluded.clone()});
}

template <typename Choose>
cv::Mat3b SampleStack::Select(Choose choose) const {
  if (samples_.empty()) return {};
  cv::Mat3b selected(samples_.front().bgr.size(), cv::Vec3b::all(0));
  ParallelRows(selected.rows, [&](int first_row, int end_row) {
    std::array<uint8_t, kMostFrames> values;
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < selected.cols; ++x) {
        for (int c = 0; c < 3; ++c) {
          int count = 0;
          for (const Sample& sample : samples_) {
            if (sample.excluded(y, x) == 0) values[static_cast<size_t>(count++)] = sample.bgr(y, x)[c];
          }
          if (count > 0) selected(y, x)[c] = choose(values.begin(), values.begin() + count);
        }
      }
    }
  });
  return selected;
}

cv::Mat3b SampleStack::Median() const {
  return Select([](auto begin, auto end) {
    const auto middle = begin + (end - begin - 1) / 2;
    std::nth_element(begin, middle, end);
    return *middle;
  });
}

cv::Mat3b SampleStack::Largest() const {
  return Select([](auto begin, auto end) { return *std::max_element(begin, end); });
}

}  // namespace peekproof::attacks
