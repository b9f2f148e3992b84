// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// Shapes that a blur's kernel can have. What is made of many small kernels (Kawase's, Volcomix's, a canvas's
/// three boxes) is a Gaussian to the precision at which a recording tells.
enum class BlurFamily {
  kGaussian,
  kBox,          ///< The mean over a square.
  kDisc,         ///< The mean over a disc with a soft rim, as of a lens out of focus.
  kCutGaussian,  ///< A Gaussian cut at one sigma, of five taps, grown: LiveKit's.
};
inline constexpr std::array kBlurFamilies = {BlurFamily::kGaussian, BlurFamily::kBox, BlurFamily::kDisc,
                                             BlurFamily::kCutGaussian};

/// "gaussian", "box", "disc", "cut gaussian".
const char* NameOf(BlurFamily family);

/// A blur of known shape and width.
struct BlurKernel {
  BlurFamily family = BlurFamily::kGaussian;
  double sigma_px = 0;  ///< Standard deviation per axis, in pixels; greater than 0.

  /// The same on a picture of which one pixel is as wide as `factor` of these.
  BlurKernel Shrunk(double factor) const { return {family, sigma_px / factor}; }
};

/// What is left of a wave of `cycles_per_px` along an axis: the kernel's Fourier transform there, 1 at 0;
/// negative where the wave comes out reversed.
double ResponseOf(const BlurKernel& kernel, double cycles_per_px);

/// The transform on the grid of a discrete Fourier transform of `size` (frequency 0 at the upper left), real.
cv::Mat1f ResponseOf(const BlurKernel& kernel, cv::Size size);

}  // namespace peekproof::engines
