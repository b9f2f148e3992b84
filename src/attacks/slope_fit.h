// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "attacks/blur_spectrum.h"

namespace peekproof::attacks {

/// Power that noise of one squared level has in the slopes, at a frequency: 4 sin^2(pi f).
double SlopesOfNoise(double cycles_per_px);

/// What a spectrum of slopes is made of, given what a kernel leaves of waves.
struct SlopeParts {
  double level = 0;   ///< Of the room's slopes, squared levels,
  double decay = 0;   ///< falling with frequency to this power, beside what RunWindow::Expect has them rise.
  double noise = 0;   ///< White noise of the picture, squared levels.
  double steps = 0;   ///< Steps of colour that rounding leaves on smooth ground: slopes of a flat spectrum.
  int waves = 0;      ///< Bins, from the longest wave on, in which the room stands above the rest.
  double misfit = 0;  ///< Root mean square of ln(seen / expected), each octave counting the same.
};

/// Fits seen power by level f^-decay expected + noise 4 sin^2 + steps.
class SlopeFit {
 public:
  explicit SlopeFit(const SlopeSpectrum& spectrum);

  /// expected: of the room in the spectrum's bins (RunWindow::Expect). Damped least squares on the
  /// logarithms, the decay held to what rooms have (0, give or take 0.5).
  SlopeParts Explain(const std::vector<double>& expected) const;

 private:
  struct Equations {
    cv::Matx44d normal = cv::Matx44d::zeros();
    cv::Vec4d gradient = cv::Vec4d::all(0);
  };
  cv::Vec3d PartsAt(const std::vector<double>& expected, const cv::Vec4d& x, size_t bin) const;
  double CostAt(const std::vector<double>& expected, const cv::Vec4d& x) const;
  Equations EquationsAt(const std::vector<double>& expected, const cv::Vec4d& x) const;

  std::vector<double> log_power_;      ///< Of bins 1 and up; the last one is left out.
  std::vector<double> log_frequency_;  ///< The same, about their weighted mean.
  std::vector<double> noise_shape_;
  std::vector<double> weights_;  ///< Sum 1.
  double first_noise_ = 0;
};

}  // namespace peekproof::attacks
