// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace peekproof::attacks {
namespace {

constexpr int kLeastRuns = 24;  // Of a length, along rows and columns together.

// Blackman and Harris's of four terms: what leaks in from afar is 92 dB down, since a blur's waves fall off
// by as much within a few bins.
std::vector<double> WindowOf(int length) {
  constexpr double kTerms[] = {0.35875, -0.48829, 0.14128, -0.01168};
  std::vector<double> weights;
  double squares = 0;
  for (int i = 0; i < length; ++i) {
    double weight = 0;
    for (int term = 0; term < 4; ++term)
      weight += kTerms[term] * std::cos(2 * std::numbers::pi * term * (i + 0.5) / length);
    weights.push_back(weight);
    squares += weight * weight / length;
  }
  for (double& weight : weights) weight /= std::sqrt(squares);
  return weights;
}

// Sums the power of the known runs along rows.
class RunSummer {
 public:
  RunSummer(int length, const std::vector<double>& window)
      : window_(window), run_(1, length, 0.0F), power_(static_cast<size_t>(length) / 2 + 1, 0.0) {}

  void AddRows(const cv::Mat1f& luma, const cv::Mat1b& known) {
    const int length = run_.cols;
    for (int y = 0; y < luma.rows; ++y) {
      int clear = 0;  // Known pixels in a row up to here.
      for (int x = 0; x < luma.cols; ++x) {
        clear = known(y, x) != 0 ? clear + 1 : 0;
        if (clear <= length) continue;
        Add(luma.ptr<float>(y) + x - length);
        clear = 1 + length / 2;  // The next run overlaps by half.
      }
    }
  }

  int runs() const { return runs_; }
  std::vector<double> Mean() const {
    std::vector<double> mean = power_;
    for (double& value : mean) value /= std::max(1, runs_);
    return mean;
  }

 private:
  // A run's slopes start at `pixels` and take one more.
  void Add(const float* pixels) {
    for (int i = 0; i < run_.cols; ++i)
      run_(0, i) = static_cast<float>((pixels[i + 1] - pixels[i]) * window_[static_cast<size_t>(i)]);
    cv::dft(run_, transform_, cv::DFT_COMPLEX_OUTPUT | cv::DFT_ROWS);
    for (size_t k = 0; k < power_.size(); ++k) {
      const auto& value = transform_(0, static_cast<int>(k));
      power_[k] += (value[0] * value[0] + value[1] * value[1]) / static_cast<double>(run_.cols);
    }
    ++runs_;
  }

  const std::vector<double>& window_;
  cv::Mat1f run_;
  cv::Mat_<cv::Vec2f> transform_;
  std::vector<double> power_;
  int runs_ = 0;
};

}  // namespace

std::optional<SlopeSpectrum> MeasureSlopes(const cv::Mat1f& luma, const cv::Mat1b& known) {
  cv::Mat1f luma_across;
  cv::transpose(luma, luma_across);
  cv::Mat1b known_across;
  cv::transpose(known, known_across);
  for (const int length : {512, 256, 128, 64}) {
    const std::vector<double> window = WindowOf(length);
    RunSummer summer(length, window);
    summer.AddRows(luma, known);
    summer.AddRows(luma_across, known_across);
    if (summer.runs() >= kLeastRuns) return SlopeSpectrum{length, summer.runs(), summer.Mean()};
  }
  return std::nullopt;
}

RunWindow::RunWindow(int length) : length_(length), weights_(WindowOf(length)) {
  // |sum w exp(i 2 pi d / L)|^2 / L at distance d, per fine frequency, so that white noise stays as it is.
  for (int step = 0; step <= kReach * kFine; ++step) {
    const double distance = static_cast<double>(step) / kFine;
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < length; ++i) {
      const double phase = 2 * std::numbers::pi * distance * i / length;
      real += weights_[static_cast<size_t>(i)] * std::cos(phase);
      imaginary += weights_[static_cast<size_t>(i)] * std::sin(phase);
    }
    leak_.push_back((real * real + imaginary * imaginary) / length / length / kFine);
  }
}

std::vector<double> RunWindow::Expect(const engines::BlurKernel& kernel, int bins) const {
  std::vector<double> density;
  for (int step = 0; step <= (bins + kReach) * kFine; ++step) {
    const double frequency = static_cast<double>(step) / kFine / length_;
    const double response = engines::ResponseOf(kernel, frequency);
    density.push_back(std::sqrt(frequency) * response * response);
  }
  std::vector<double> expected(static_cast<size_t>(bins), 0.0);
  for (int bin = 0; bin < bins; ++bin) {
    for (int offset = -kReach * kFine; offset <= kReach * kFine; ++offset) {
      const int step = std::abs(bin * kFine + offset);  // Below 0 the spectrum repeats.
      expected[static_cast<size_t>(bin)] +=
          density[static_cast<size_t>(step)] * leak_[static_cast<size_t>(std::abs(offset))];
    }
  }
  return expected;
}

}  // namespace peekproof::attacks
