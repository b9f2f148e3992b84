// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::metrics {

/// How far an engine's alpha is from the caller's true matte, over a call: the price of hiding.
struct MatteError {
  int64_t frames = 0;
  double caller_px = 0;   ///< Sum of the true matte over all frames.
  double lost_px = 0;     ///< Sum of max(0, matte - alpha): what of the caller is missing.
  double extra_px = 0;    ///< Sum of max(0, alpha - matte): what is shown beside the caller.
  double gradient = 0;    ///< Sum of (|grad alpha| - |grad matte|)^2, gradients of Gaussians, sigma 1.4.
  double flicker_px = 0;  ///< Sum of |(alpha - matte) - (the same one frame before)|.

  /// Shares of the caller's area; 0 without a caller.
  double lost_share() const;
  double extra_share() const;
  /// Mean of a frame: sum of absolute differences, gradient error (both per 1000, as the matting benchmark
  /// prints them) and flicker.
  double sad() const;
  double gradient_error() const;
  double flicker() const;
};

/// Gathers MatteError frame by frame. All frames have one size (checked).
///
/// Source  SAD and gradient error: Rhemann et al., "A Perceptually Motivated Online Benchmark for Image
///         Matting" (CVPR 2009); derivatives of Gaussians of sigma 1.4. Flicker: dtSSD of Erofeev et al.,
///         "Perceptually Motivated Benchmark for Video Matting" (BMVC 2015), with absolute values instead of
///         squares. Whole frames instead of a trimap's unknown part.
class MatteErrorMeter {
 public:
  void Add(const image::AlphaMask& caller, const image::AlphaMask& alpha);
  const MatteError& result() const { return result_; }

 private:
  MatteError result_;
  cv::Mat1f off_;  ///< alpha - matte of the last frame.
  cv::Mat1f last_off_;
};

}  // namespace peekproof::metrics
