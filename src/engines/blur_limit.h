// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engines/blur_kernel.h"

namespace peekproof::engines {

/// Finest wave of which a restoration is evidence, in cycles per pixel: where a wave of `contrast` levels
/// comes out of the blur as strong as the noise is in a patch of one wavelength, twice over. Finer structure
/// of a restored picture comes from its prior.
///
/// In      noise: standard deviation of the average's noise in levels, greater than 0. Out  0 to 0.5.
double FinestWave(const BlurKernel& kernel, double noise, double contrast = 80);

/// Height of capitals, in pixels, from which black writing on white can be read behind a blur: by Tesseract
/// in a single frame as it is, and once the blur is taken back with an average of that noise
/// (attacks::RestoreRoom). Below it, at least one character in five is wrong. Constants are fitted to
/// bench/blur_legibility.cc (seed 11); docs/blur.md tells how they hold on other calls.
double ReadableAsSeen(const BlurKernel& kernel);
double ReadableTakenBack(const BlurKernel& kernel, double noise);

/// Standard deviation of a Gaussian behind which capitals of that height, in pixels, can no longer be read
/// even where it is taken back with an average of that noise. The inverse of ReadableTakenBack.
double SigmaThatHides(double cap_height_px, double noise);

}  // namespace peekproof::engines
