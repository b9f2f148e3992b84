// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_convolver.h"

#include <cmath>
#include <numbers>

namespace peekproof::attacks {

BlurConvolver::BlurConvolver(const engines::BlurKernel& kernel, cv::Size size)
    : response_(engines::ResponseOf(kernel, size)) {}

void BlurConvolver::Filter(const cv::Mat1f& response, const cv::Mat1f& picture, cv::Mat1f* filtered) {
  cv::dft(picture, spectrum_, cv::DFT_COMPLEX_OUTPUT);
  for (int y = 0; y < spectrum_.rows; ++y) {
    cv::Vec2f* row = spectrum_[y];
    const float* gains = response[y];
    for (int x = 0; x < spectrum_.cols; ++x) row[x] *= gains[x];
  }
  cv::idft(spectrum_, *filtered, cv::DFT_SCALE | cv::DFT_REAL_OUTPUT);
}

cv::Mat1f SlopePower(cv::Size size) {
  const auto power_at = [](int index, int count) {
    const double sine = std::sin(std::numbers::pi * index / count);
    return 4 * sine * sine;
  };
  cv::Mat1f power(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      power(y, x) = static_cast<float>(power_at(x, size.width) + power_at(y, size.height));
  }
  return power;
}

}  // namespace peekproof::attacks
