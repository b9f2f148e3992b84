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
/// The median of n of N frames is no exact one: where a pixel's noise is normal with a deviation of s levels,
/// it differs from the median of all by about 1.25 s sqrt(1/n - 1/N), besides rounding.
///
/// Memory  4 bytes a pixel for each frame kept.
class SampleStack {
 public:
  /// In      most_frames: at least 2; from half of them on are kept where there are more.
  explicit SampleStack(int most_frames = 64) : most_frames_(most_frames) {}

  /// In      bgr: BGR 8-bit sRGB. excluded: 255 where the frame does not count. Of one size throughout.
  void Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded);

  /// Per channel, the median of the samples that count (the lower one of two); 0 where none does.
  cv::Mat3b Median() const;
  int frames() const { return static_cast<int>(samples_.size()); }

 private:
  struct Sample {
    cv::Mat3b bgr;
    cv::Mat1b excluded;
  };

  int most_frames_;
  std::vector<Sample> samples_;
  int64_t stride_ = 1;
  int64_t seen_ = 0;
};

/// Per channel, the largest value that a call shows, exactly and at any length.
///
/// Memory  3 bytes a pixel.
class RunningLargest {
 public:
  /// In      as SampleStack::Add.
  void Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded);
  /// 0 where no frame counted.
  const cv::Mat3b& picture() const { return largest_; }

 private:
  cv::Mat3b largest_;
};

}  // namespace peekproof::attacks
