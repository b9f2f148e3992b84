// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/slope_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace peekproof::attacks {
namespace {

constexpr double kTrace = 1e-14;
constexpr double kPrior =
    0.02 / (0.5 * 0.5);  // Of a decay of 0, give or take 0.5, beside all waves together.
constexpr int kSteps = 30;
constexpr double kSettled = 1e-7;
constexpr double kHopeless = 1e6;
constexpr double kAboveNoise = 2;  // Times the rest, from which a wave is the room's.

}  // namespace

double SlopesOfNoise(double cycles_per_px) {
  const double sine = std::sin(std::numbers::pi * cycles_per_px);
  return 4 * sine * sine;
}

SlopeFit::SlopeFit(const SlopeSpectrum& spectrum) {
  double weights = 0;
  double mean = 0;
  std::vector<double> noise;
  for (size_t k = 1; k + 1 < spectrum.power.size(); ++k) {
    const double frequency = static_cast<double>(k) / spectrum.length;
    log_power_.push_back(std::log(spectrum.power[k] + kTrace));
    log_frequency_.push_back(std::log(frequency));
    noise_shape_.push_back(SlopesOfNoise(frequency));
    weights_.push_back(1.0 / std::sqrt(static_cast<double>(k)));
    weights += weights_.back();
    mean += weights_.back() * log_frequency_.back();
    if (k >= spectrum.power.size() / 2) noise.push_back(spectrum.power[k] / noise_shape_.back());
  }
  for (size_t i = 0; i < weights_.size(); ++i) {
    weights_[i] /= weights;
    log_frequency_[i] -= mean / weights;
  }
  const auto middle = noise.begin() + static_cast<std::ptrdiff_t>(noise.size() / 2);
  std::nth_element(noise.begin(), middle, noise.end());
  first_noise_ = std::log(*middle + kTrace);
}

// The room's share, noise and steps of one bin's power, at ln level, decay, ln noise and ln steps.
cv::Vec3d SlopeFit::PartsAt(const std::vector<double>& expected, const cv::Vec4d& x, size_t bin) const {
  const double room = std::exp(x[0] - x[1] * log_frequency_[bin]) * expected[bin + 1] + kTrace;
  return {room, std::exp(x[2]) * noise_shape_[bin], std::exp(x[3])};
}

double SlopeFit::CostAt(const std::vector<double>& expected, const cv::Vec4d& x) const {
  double cost = kPrior * x[1] * x[1];
  for (size_t i = 0; i < log_power_.size(); ++i) {
    const cv::Vec3d parts = PartsAt(expected, x, i);
    const double off = log_power_[i] - std::log(parts[0] + parts[1] + parts[2]);
    cost += weights_[i] * off * off;
  }
  return cost;
}

SlopeFit::Equations SlopeFit::EquationsAt(const std::vector<double>& expected, const cv::Vec4d& x) const {
  Equations equations;
  equations.normal(1, 1) = kPrior;
  equations.gradient[1] = -kPrior * x[1];
  for (size_t i = 0; i < log_power_.size(); ++i) {
    const cv::Vec3d parts = PartsAt(expected, x, i);
    const double sum = parts[0] + parts[1] + parts[2];
    const double off = log_power_[i] - std::log(sum);
    const cv::Vec4d slope(parts[0] / sum, -log_frequency_[i] * parts[0] / sum, parts[1] / sum,
                          parts[2] / sum);
    equations.gradient += weights_[i] * off * slope;
    equations.normal += weights_[i] * (slope * slope.t());
  }
  return equations;
}

SlopeParts SlopeFit::Explain(const std::vector<double>& expected) const {
  cv::Vec4d x(log_power_[0], 0.0, first_noise_, first_noise_ - 2);
  double cost = CostAt(expected, x);
  double damping = 1e-2;
  for (int step = 0; step < kSteps && damping < kHopeless; ++step) {
    Equations equations = EquationsAt(expected, x);
    for (int d = 0; d < 4; ++d) equations.normal(d, d) += damping * (equations.normal(d, d) + 1e-4);
    const cv::Vec4d next = x + cv::Vec4d(equations.normal.solve(equations.gradient, cv::DECOMP_CHOLESKY));
    const double next_cost = CostAt(expected, next);
    if (!(next_cost < cost)) {
      damping *= 5;
      continue;
    }
    damping *= 0.3;
    const bool settled = cost - next_cost < kSettled;
    x = next;
    cost = next_cost;
    if (settled) break;
  }
  SlopeParts result{std::exp(x[0]), x[1], std::exp(x[2]), std::exp(x[3]), 0, std::sqrt(cost)};
  for (size_t i = 0; i < log_power_.size(); ++i) {
    const cv::Vec3d parts = PartsAt(expected, x, i);
    if (parts[0] < kAboveNoise * (parts[1] + parts[2])) break;
    result.waves = static_cast<int>(i) + 1;
  }
  return result;
}

}  // namespace peekproof::attacks
