// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Stack blur of an 8-bit picture: a triangle of weights 1, 2 ... r + 1 ... 2, 1 over (r + 1)^2 on each axis,
/// rounded down after each, edges replicated.
///
/// Source  Klingemann's stack blur, as OpenCV 4.7 and newer have it (cv::stackBlur); Debian 12's OpenCV has
///         not. Deviation: exact division, where cv::stackBlur multiplies by a rounded reciprocal (never
///         more than 1 apart).
class StackBlur {
 public:
  /// In      radius: at least 0; the kernel's side is 2 radius + 1.
  explicit StackBlur(int radius);

  /// Blurs in place. Allocates at the first picture of a size only.
  void Apply(cv::Mat1b* picture);

 private:
  void BlurRows(const cv::Mat1b& source, cv::Mat1b* target);

  int radius_;
  cv::Mat1b rows_;
  cv::Mat1b columns_;
  std::vector<uint8_t> padded_;
};

}  // namespace peekproof::engines
