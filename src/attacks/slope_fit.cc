// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/slope_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>

namespace peekproof::attacks {
namespace {

constexpr double kDecaySpread = 0.5;
constexpr double kTrace = 1e-14;
constexpr double kPriorWeight = 0.02;  // Of the decay's prior, beside all waves together.
constexpr int kSteps = 30;
constexpr double kAboveNoise = 2;  // Times the rest, from which a wave is the room's.

using Vector = cv::Vec4d;  // ln level, decay, ln noise, ln steps.
using Matrix = cv::Matx44d;

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

SlopeParts SlopeFit::Explain(const std::vector<double>& expected) const {
  const auto parts_at = [&](const Vector& x, size_t i) {
    const double room = std::exp(x[0] - x[1] * log_frequency_[i]) * expected[i + 1] + kTrace;
    return cv::Vec3d(room, std::exp(x[2]) * noise_shape_[i], std::exp(x[3]));
  };
  const auto cost_at = [&](const Vector& x) {
    double cost = kPriorWeight * x[1] * x[1] / (kDecaySpread * kDecaySpread);
    for (size_t i = 0; i < log_power_.size(); ++i) {
      const cv::Vec3d parts = parts_at(x, i);
      const double off = log_power_[i] - std::log(parts[0] + parts[1] + parts[2]);
      cost += weights_[i] * off * off;
    }
    return cost;
  };
  Vector x(log_power_[0], 0.0, first_noise_, first_noise_ - 2);
  double cost = cost_at(x);
  double damping = 1e-2;
  for (int step = 0; step < kSteps && damping < 1e6; ++step) {
    Matrix normal = Matrix::zeros();
    Vector gradient = Vector::all(0);
    const double prior = kPriorWeight / (kDecaySpread * kDecaySpread);
    normal(1, 1) = prior;
    gradient[1] = -prior * x[1];
    for (size_t i = 0; i < log_power_.size(); ++i) {
      const cv::Vec3d parts = parts_at(x, i);
      const double sum = parts[0] + parts[1] + parts[2];
      const double off = log_power_[i] - std::log(sum);
      const Vector slope(parts[0] / sum, -log_frequency_[i] * parts[0] / sum, parts[1] / sum, parts[2] / sum);
      gradient += weights_[i] * off * slope;
      normal += weights_[i] * (slope * slope.t());
    }
    Matrix damped = normal;
    for (int d = 0; d < 4; ++d) damped(d, d) += damping * (normal(d, d) + 1e-4);
    const Vector next = x + Vector(damped.solve(gradient, cv::DECOMP_CHOLESKY));
    const double next_cost = cost_at(next);
    const bool better = next_cost < cost;
    damping *= better ? 0.3 : 5.0;
    if (!better) continue;
    const bool settled = cost - next_cost < 1e-7;
    x = next;
    cost = next_cost;
    if (settled) break;
  }
  SlopeParts result{std::exp(x[0]), x[1], std::exp(x[2]), std::exp(x[3]), 0, std::sqrt(cost)};
  for (size_t i = 0; i < log_power_.size(); ++i) {
    const cv::Vec3d parts = parts_at(x, i);
    if (parts[0] < kAboveNoise * (parts[1] + parts[2])) break;
    result.waves = static_cast<int>(i) + 1;
  }
  return result;
}

}  // namespace peekproof::attacks
