// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "engines/blur_kernel.h"

namespace peekproof::attacks {

/// Mean power of the slopes of a picture along rows and columns.
struct SlopeSpectrum {
  int length = 0;             ///< Of the runs that were transformed: bin k is k / length cycles per pixel.
  int runs = 0;               ///< Number of them.
  std::vector<double> power;  ///< Bins 0 to length / 2, in squared levels per pixel.
};

/// Spectrum of the known straight runs of the longest length (512, 256, 128 or 64) of which there are enough.
/// In      luma: levels. known: 255 where it counts. Out  none where there are too few runs of any length.
std::optional<SlopeSpectrum> MeasureSlopes(const cv::Mat1f& luma, const cv::Mat1b& known);

/// How power at frequencies turns up in the bins of windowed runs.
class RunWindow {
 public:
  explicit RunWindow(int length);

  /// Blackman and Harris's, of mean square 1.
  const std::vector<double>& weights() const { return weights_; }
  /// Power expected in the first `bins` bins where f^0.5 |H(f)|^2 is the density, seen through the window:
  /// lone edges would have a flat spectrum of slopes, but things have two sides, and slopes of rooms rise
  /// about so (fitted to four photographs: mean square of ln(seen / expected) 0.04, of a flat one 0.44).
  std::vector<double> Expect(const engines::BlurKernel& kernel, int bins) const;

 private:
  static constexpr int kFine = 4;   ///< Frequencies a bin.
  static constexpr int kReach = 5;  ///< Bins to either side from which power leaks in.

  int length_;
  std::vector<double> weights_;
  std::vector<double>
      leak_;  ///< Share of a frequency's power that a bin sees, by distance in 1 / kFine bins.
};

}  // namespace peekproof::attacks
