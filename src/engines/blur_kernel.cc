// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blur_kernel.h"

#include <cmath>
#include <numbers>
#include <vector>

namespace peekproof::engines {
namespace {

constexpr double kTwoPi = 2.0 * std::numbers::pi;

double Gaussian(double sigma, double frequency) {
  const double phase = kTwoPi * sigma * frequency;
  return std::exp(-0.5 * phase * phase);
}

// Continuous boxes and discs: recordings do not tell the grid.
double Box(double sigma, double frequency) {
  const double phase = std::numbers::pi * sigma * std::sqrt(12.0) * frequency;
  return std::abs(phase) < 1e-6 ? 1.0 : std::sin(phase) / phase;
}

// A disc whose rim is soft by a Gaussian of a tenth of the radius, as lenses and programs make it.
double Disc(double sigma, double frequency) {
  constexpr double kRim = 0.1;
  const double radius = sigma / std::sqrt(0.25 + kRim * kRim);
  const double phase = kTwoPi * radius * frequency;
  const double sharp = std::abs(phase) < 1e-6 ? 1.0 : 2.0 * ::j1(phase) / phase;
  return sharp * Gaussian(kRim * radius, frequency);
}

// Five taps exp(-i^2 / 8), grown bilinearly between them: LiveKit's with its default radius, at any width.
double CutGaussian(double sigma, double frequency) {
  constexpr double kSpread = 1.3528;  // Its deviation, in distances of taps.
  constexpr double kFirst = 0.8825;
  constexpr double kSecond = 0.6065;
  const double phase = kTwoPi * frequency * sigma / kSpread;
  const double taps = 1 + 2 * kFirst * std::cos(phase) + 2 * kSecond * std::cos(2 * phase);
  const double tent = std::abs(phase) < 1e-6 ? 1.0 : 2 * std::sin(phase / 2) / phase;
  return taps / (1 + 2 * kFirst + 2 * kSecond) * tent * tent;
}

// Frequencies of a transform of `count` values, in cycles per sample.
double FrequencyOf(int index, int count) {
  return static_cast<double>(index <= count / 2 ? index : index - count) / count;
}

std::vector<double> AxisResponse(const BlurKernel& kernel, int count) {
  std::vector<double> response;
  for (int i = 0; i < count; ++i) response.push_back(ResponseOf(kernel, FrequencyOf(i, count)));
  return response;
}

cv::Mat1f SeparableResponse(const BlurKernel& kernel, cv::Size size) {
  const std::vector<double> across = AxisResponse(kernel, size.width);
  const std::vector<double> down = AxisResponse(kernel, size.height);
  cv::Mat1f response(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      response(y, x) = static_cast<float>(down[static_cast<size_t>(y)] * across[static_cast<size_t>(x)]);
  }
  return response;
}

cv::Mat1f RadialResponse(const BlurKernel& kernel, cv::Size size) {
  cv::Mat1f response(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double frequency = std::hypot(FrequencyOf(x, size.width), FrequencyOf(y, size.height));
      response(y, x) = static_cast<float>(ResponseOf(kernel, frequency));
    }
  }
  return response;
}

}  // namespace

const char* NameOf(BlurFamily family) {
  switch (family) {
    case BlurFamily::kGaussian:
      return "gaussian";
    case BlurFamily::kBox:
      return "box";
    case BlurFamily::kDisc:
      return "disc";
    case BlurFamily::kCutGaussian:
      return "cut gaussian";
  }
  return "";
}

double ResponseOf(const BlurKernel& kernel, double cycles_per_px) {
  switch (kernel.family) {
    case BlurFamily::kGaussian:
      return Gaussian(kernel.sigma_px, cycles_per_px);
    case BlurFamily::kBox:
      return Box(kernel.sigma_px, cycles_per_px);
    case BlurFamily::kDisc:
      return Disc(kernel.sigma_px, cycles_per_px);
    case BlurFamily::kCutGaussian:
      return CutGaussian(kernel.sigma_px, cycles_per_px);
  }
  return 1.0;
}

cv::Mat1f ResponseOf(const BlurKernel& kernel, cv::Size size) {
  return kernel.family == BlurFamily::kDisc ? RadialResponse(kernel, size) : SeparableResponse(kernel, size);
}

}  // namespace peekproof::engines
