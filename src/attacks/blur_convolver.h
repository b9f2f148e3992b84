// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "engines/blur_kernel.h"

namespace peekproof::attacks {

/// Blurs pictures of one size with one kernel, in float, by Fourier transform. What leaves the picture on one
/// side comes in on the other: leave a margin. The blur is its own adjoint, since kernels are symmetric.
/// Allocates nothing after the first call. Not thread-safe.
class BlurConvolver {
 public:
  /// size: of transforms that are fast (cv::getOptimalDFTSize, even).
  BlurConvolver(const engines::BlurKernel& kernel, cv::Size size);

  /// The kernel's transform at each frequency, real.
  const cv::Mat1f& response() const { return response_; }

  /// Out     blurred: may be the picture.
  void Apply(const cv::Mat1f& picture, cv::Mat1f* blurred) { Filter(response_, picture, blurred); }
  /// Any other filter whose transform is real, on the same grid.
  void Filter(const cv::Mat1f& response, const cv::Mat1f& picture, cv::Mat1f* filtered);

 private:
  cv::Mat1f response_;
  cv::Mat_<cv::Vec2f> spectrum_;
};

/// Power that differences between neighbours, across and down, have at each frequency: 4 sin^2 + 4 sin^2.
cv::Mat1f SlopePower(cv::Size size);

}  // namespace peekproof::attacks
