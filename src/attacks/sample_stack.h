// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::attacks {

/// Keeps a bounded number of frames, spread evenly over a call of any length: of every n-th frame, and n
/// doubles whenever there are too many.
///
/// Memory  kMostFrames * 4 bytes a pixel.
class SampleStack {
 public:
  static constexpr int kMostFrames = 64;

  /// In      bgr: BGR 8-bit sRGB. excluded: 255 where the frame does not count. Of one size throughout.
  void Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded);

  /// Per channel, the median of the samples that count (the lower one of two); 0 where none does.
  cv::Mat3b Median() const;
  /// Per channel, the largest of them.
  cv::Mat3b Largest() const;
  int frames() const { return static_cast<int>(samples_.size()); }

 private:
  struct Sample {
    cv::Mat3b bgr;
    cv::Mat1b excluded;
  };
  template <typename Choose>
  cv::Mat3b Select(Choose choose) const;

  std::vector<Sample> samples_;
  int64_t stride_ = 1;
  int64_t seen_ = 0;
};

}  // namespace peekproof::attacks
