// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Shrinks frames by averaging over the area of each target pixel, as cv::resize's INTER_AREA, allocating at
/// the first frame of a size only. An axis that grows is interpolated bilinearly (INTER_AREA has a variant of
/// its own there). Threads Rows in parallel; the result does not depend on their number. One Apply at a time.
class AreaScaler {
 public:
  /// In      frame: BGR, not empty. size: not empty.
  /// Out     scaled: rounded to nearest; reused buffer, must not be `frame`.
  void Apply(const cv::Mat3b& frame, cv::Size size, cv::Mat3b* scaled);

 private:
  /// Target i is the sum over k of weight[i * taps + k] times source[start[i] + k].
  struct Axis {
    int taps = 0;
    std::vector<int> start;
    std::vector<float> weight;
  };

  static Axis MakeAxis(int size, int source_size);

  cv::Size frame_size_;
  cv::Size size_;
  Axis x_;
  Axis y_;
  cv::Mat1f rows_;  ///< Each target row at the frame's width, three channels.
};

}  // namespace peekproof::engines
