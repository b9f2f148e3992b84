// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "engines/blur_kernel.h"

namespace peekproof::attacks {

/// How well one family of kernels explains a blurred picture at its best width.
struct BlurFit {
  engines::BlurKernel kernel;
  double misfit =
      0;  ///< Root mean square of ln(power seen / power expected) over the waves that were looked at.
};

/// What blur a picture went through, told from the picture alone.
struct BlurEstimate {
  engines::BlurKernel kernel;
  double sigma_low_px = 0;  ///< Widths between which the misfit stays within a tenth of the best one's.
  double sigma_high_px = 0;
  double noise = 0;  ///< Standard deviation, in levels, of white noise as strong as the picture's own (the
                     ///< camera's, the codec's, rounding) at the finest wave that stands out of it.
  std::vector<BlurFit> fits;  ///< One for each family, best first.
};

/// Identifies a blur from the power spectrum of a picture's slopes.
///
/// The slopes of rooms have a spectrum that rises slowly; what falls off is the blur. Straight runs of pixels
/// of 512, 256, 128 or 64 (what the picture has) along rows and columns, all known, are differenced, windowed
/// and transformed, and their power is averaged. For each family and width the expected power, A f^(0.5 - b)
/// |H(f)|^2 seen through the same window, plus noise, is fitted by its logarithm, with A, b and noise free. A
/// family other than the Gaussian counts only where it explains clearly better.
///
/// What the lens and the sensor blur is in the width too (about 0.7 px, added in squares).
///
/// In      luma: 0 to 255, sRGB as stored. known: 255 where it counts.
/// Out     none where too little is known, or where nothing falls off: no edges, no blur.
/// Source  Ours. Cost  About 0.5 s on one core, whatever the size.
std::optional<BlurEstimate> IdentifyBlur(const cv::Mat1f& luma, const cv::Mat1b& known);

/// The luma (BT.601, levels) that it takes.
cv::Mat1f LumaOf(const cv::Mat3f& bgr);

}  // namespace peekproof::attacks
