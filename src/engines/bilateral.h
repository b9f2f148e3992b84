// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

struct BilateralOptions {
  int diameter = 5;           ///< Odd, 3 to 15; taps beyond diameter / 2 from the centre do not count.
  float sigma_color = 25.0F;  ///< In levels of 0 to 255; greater than 0.
  float sigma_space = 25.0F;  ///< In pixels; greater than 0.
};

/// The bilateral filter of an 8-bit mask (Tomasi and Manduchi 1998), each pixel led by its own neighbours,
/// edges mirrored without the edge pixel: cv::bilateralFilter, but where a stretch of mask is uniform it is
/// copied, and nothing is allocated after the first frame of a size. Threads Apply runs rows in parallel; the
/// result does not depend on their number. One Apply at a time.
class MaskBilateral {
 public:
  explicit MaskBilateral(const BilateralOptions& options);

  /// In      mask: not empty. Out  filtered: reused; must not be `mask`.
  void Apply(const cv::Mat1b& mask, cv::Mat1b* filtered);

 private:
  struct Tap {
    int dy;
    int dx;
    float weight;
  };

  int radius_;
  std::vector<Tap> taps_;
  std::vector<std::ptrdiff_t> offset_;  ///< Of each tap in the padded mask.
  std::array<float, 256> color_weight_{};
  cv::Mat1b padded_;
};

/// The binomial filter 1-2-1 in both axes, edges mirrored without the edge pixel, rounded to nearest: what
/// cv::GaussianBlur does to 8 bit with size 3 and sigma 0. Out  filtered: reused; must not be `mask`.
void Binomial3(const cv::Mat1b& mask, cv::Mat1b* filtered);

}  // namespace peekproof::engines
