// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::audit {

/// How sharp the edges of a picture are, as a histogram over its edges: the steepest step from pixel to pixel
/// across an edge, divided by the edge's whole contrast. 1 is a step within one pixel, 0.4 a camera's good
/// focus, below 0.15 a blur of more than two pixels.
class EdgeSharpness {
 public:
  /// Adds the edges of `grey` (8-bit) with a contrast of 30 levels or more, where `where` is set (same size).
  void Add(const cv::Mat1b& grey, const cv::Mat1b& where);

  int64_t edges() const { return edges_; }
  /// Sharpness that the share `quantile` of the edges does not exceed; 0 without edges.
  double Quantile(double quantile) const;

 private:
  static constexpr size_t kBins = 100;
  std::array<int64_t, kBins + 1> counts_{};
  int64_t edges_ = 0;
};

}  // namespace peekproof::audit
