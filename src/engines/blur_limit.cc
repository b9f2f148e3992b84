// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blur_limit.h"

#include <algorithm>
#include <cmath>

namespace peekproof::engines {
namespace {

constexpr double kTwice = 2;
constexpr double kFinestStep = 1e-3;

// A capital is read where it is so many of the finest waves high; in squares, what camera and pixels ask for
// comes on top.
constexpr double kWavesOfCaps = 2.0;
constexpr double kSharpCaps = 10;
// What is left of the finest wave that is read without taking the blur back.
constexpr double kLeastContrastShare = 0.12;

double CapsOf(double finest_wave) {
  return std::hypot(kWavesOfCaps / std::max(kFinestStep, finest_wave), kSharpCaps);
}

}  // namespace

double FinestWave(const BlurKernel& kernel, double noise, double contrast) {
  double wave = 0;
  while (wave + kFinestStep <= 0.5) {
    const double next = wave + kFinestStep;
    // Noise averages out over a patch of one wavelength a side.
    const double left = contrast * std::abs(ResponseOf(kernel, next)) / (noise * std::min(1.0, next));
    if (left < kTwice) break;
    wave = next;
  }
  return wave;
}

double ReadableAsSeen(const BlurKernel& kernel) {
  double wave = 0;
  while (wave + kFinestStep <= 0.5 && ResponseOf(kernel, wave + kFinestStep) >= kLeastContrastShare)
    wave += kFinestStep;
  return CapsOf(wave);
}

double ReadableTakenBack(const BlurKernel& kernel, double noise) { return CapsOf(FinestWave(kernel, noise)); }

double SigmaThatHides(double cap_height_px, double noise) {
  double low = 0.3;
  double high = 4 * cap_height_px + 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (ReadableTakenBack({BlurFamily::kGaussian, middle}, noise) > cap_height_px ? high : low) = middle;
  }
  return high;
}

}  // namespace peekproof::engines
