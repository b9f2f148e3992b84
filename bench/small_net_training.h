// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <future>
#include <vector>

#include "attacks/small_net.h"
#include "base/random.h"

namespace peekproof::bench {

/// Samples of a network of `kInputs` inputs: a label in [0, 1] for output 0, and where known a value for
/// output 1.
template <int kInputs>
struct Samples {
  std::vector<std::array<float, kInputs>> inputs;
  std::vector<float> labels;
  std::vector<float> values;  ///< Not a number: unknown.
  std::vector<int> groups;    ///< Samples of one group belong together: one person's.
  size_t size() const { return inputs.size(); }
};

struct TrainingOptions {
  uint64_t seed = 1;
  int steps = 60'000;
  int batch = 128;
  double rate = 3e-3;  ///< Falls to a hundredth, by a cosine.
  double value_weight = 0.5;
};

template <int kInputs>
void Append(const Samples<kInputs>& more, Samples<kInputs>* all) {
  all->inputs.insert(all->inputs.end(), more.inputs.begin(), more.inputs.end());
  all->labels.insert(all->labels.end(), more.labels.begin(), more.labels.end());
  all->values.insert(all->values.end(), more.values.begin(), more.values.end());
  all->groups.insert(all->groups.end(), more.groups.begin(), more.groups.end());
}

/// Fits a network by Adam: cross entropy of output 0, squared error (at most 1) of output 1.
template <typename Net>
class Trainer {
 public:
  Trainer(const Samples<Net::kInputCount>& samples, const TrainingOptions& options)
      : samples_(samples), options_(options) {}

  Net Fit() {
    Net net{};
    if (samples_.size() == 0) return net;
    RowRandom random(options_.seed, 0, 0);
    for (auto& row : net.hidden)
      for (float& weight : row)
        weight = static_cast<float>(random.Normal() * std::sqrt(2.0 / Net::kInputCount));
    for (auto& row : net.output)
      for (float& weight : row)
        weight = static_cast<float>(random.Normal() * std::sqrt(1.0 / Net::kHiddenCount));
    Net mean{};
    Net square{};
    for (int step = 1; step <= options_.steps; ++step) {
      Net gradient{};
      for (int i = 0; i < options_.batch; ++i) {
        const auto pick = static_cast<size_t>(random.Uniform() * static_cast<double>(samples_.size()));
        AddGradient(net, std::min(pick, samples_.size() - 1), &gradient);
      }
      Update(step, gradient, &mean, &square, &net);
    }
    return net;
  }

 private:
  static constexpr size_t kWeights = sizeof(Net) / sizeof(float);

  void AddGradient(const Net& net, size_t sample, Net* gradient) const {
    const auto& inputs = samples_.inputs[sample];
    float units[Net::kHiddenCount];
    float outputs[Net::kOutputCount];
    for (int o = 0; o < Net::kOutputCount; ++o) outputs[o] = net.output_bias[o];
    for (int h = 0; h < Net::kHiddenCount; ++h) {
      float sum = net.hidden_bias[h];
      for (int i = 0; i < Net::kInputCount; ++i) sum += net.hidden[h][i] * inputs[i];
      units[h] = std::max(sum, 0.0F);
      for (int o = 0; o < Net::kOutputCount; ++o) outputs[o] += net.output[o][h] * units[h];
    }
    float slopes[2] = {1.0F / (1.0F + std::exp(-outputs[0])) - samples_.labels[sample], 0.0F};
    if constexpr (Net::kOutputCount > 1) {
      const float value = samples_.values[sample];
      if (!std::isnan(value))
        slopes[1] = static_cast<float>(options_.value_weight) * std::clamp(outputs[1] - value, -1.0F, 1.0F);
    }
    for (int h = 0; h < Net::kHiddenCount; ++h) {
      float back = 0;
      for (int o = 0; o < Net::kOutputCount; ++o) {
        gradient->output[o][h] += slopes[o] * units[h];
        back += slopes[o] * net.output[o][h];
      }
      if (units[h] <= 0) continue;
      gradient->hidden_bias[h] += back;
      for (int i = 0; i < Net::kInputCount; ++i) gradient->hidden[h][i] += back * inputs[i];
    }
    for (int o = 0; o < Net::kOutputCount; ++o) gradient->output_bias[o] += slopes[o];
  }

  void Update(int step, const Net& gradient, Net* mean, Net* square, Net* net) const {
    const double progress = static_cast<double>(step) / options_.steps;
    const double rate = options_.rate * (0.01 + 0.99 * 0.5 * (1 + std::cos(3.14159265 * progress)));
    const auto* g = reinterpret_cast<const float*>(&gradient);
    auto* m = reinterpret_cast<float*>(mean);
    auto* v = reinterpret_cast<float*>(square);
    auto* w = reinterpret_cast<float*>(net);
    const double first = 1 - std::pow(0.9, step);
    const double second = 1 - std::pow(0.999, step);
    for (size_t i = 0; i < kWeights; ++i) {
      const float slope = g[i] / static_cast<float>(options_.batch);
      m[i] = 0.9F * m[i] + 0.1F * slope;
      v[i] = 0.999F * v[i] + 0.001F * slope * slope;
      w[i] -= static_cast<float>(rate * (m[i] / first) / (std::sqrt(v[i] / second) + 1e-8));
    }
  }

  const Samples<Net::kInputCount>& samples_;
  TrainingOptions options_;
};

/// Log odds and labels of samples that a network had not seen.
struct Forecasts {
  std::vector<double> odds;
  std::vector<double> labels;
};

constexpr int kFolds = 3;

/// Calls `fit` for 0 to count - 1, each on a thread of its own.
template <typename Fit>
void FitSideBySide(int count, const Fit& fit) {
  std::vector<std::future<void>> fits;
  for (int i = 0; i < count; ++i) fits.push_back(std::async(std::launch::async, fit, i));
  for (std::future<void>& one : fits) one.get();
}

/// The samples of which `keep` holds for the fold, that is the group modulo kFolds.
template <int kInputs, typename Keep>
Samples<kInputs> Chosen(const Samples<kInputs>& samples, Keep keep) {
  Samples<kInputs> chosen;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!keep(samples.groups[i] % kFolds)) continue;
    chosen.inputs.push_back(samples.inputs[i]);
    chosen.labels.push_back(samples.labels[i]);
    chosen.values.push_back(samples.values[i]);
    chosen.groups.push_back(samples.groups[i]);
  }
  return chosen;
}
template <int kInputs>
Samples<kInputs> WithoutFold(const Samples<kInputs>& samples, int fold) {
  return Chosen(samples, [&](int own) { return own != fold; });
}
template <int kInputs>
Samples<kInputs> OnlyFold(const Samples<kInputs>& samples, int fold) {
  return Chosen(samples, [&](int own) { return own == fold; });
}

/// Fits a network for each fold to all others and asks it about that one.
template <typename Net>
Forecasts ForecastUnseen(const Samples<Net::kInputCount>& samples, const TrainingOptions& options) {
  std::array<Forecasts, kFolds> of_fold;
  FitSideBySide(kFolds, [&](int fold) {
    const auto seen = WithoutFold(samples, fold);
    const Net net = Trainer<Net>(seen, options).Fit();
    const auto unseen = OnlyFold(samples, fold);
    for (size_t i = 0; i < unseen.size(); ++i) {
      float outputs[Net::kOutputCount];
      net.Run(unseen.inputs[i].data(), outputs);
      of_fold[static_cast<size_t>(fold)].odds.push_back(static_cast<double>(outputs[0]));
      of_fold[static_cast<size_t>(fold)].labels.push_back(static_cast<double>(unseen.labels[i]));
    }
  });
  Forecasts forecasts;
  for (const Forecasts& own : of_fold) {
    forecasts.odds.insert(forecasts.odds.end(), own.odds.begin(), own.odds.end());
    forecasts.labels.insert(forecasts.labels.end(), own.labels.begin(), own.labels.end());
  }
  return forecasts;
}

/// Scale and shift of the log odds under which forecasts of the unseen are right as often as they say (Platt
/// 1999), by Newton's method.
struct Calibration {
  double scale = 1;
  double shift = 0;
};
inline Calibration Calibrate(const Forecasts& forecasts) {
  Calibration fit;
  for (int round = 0; round < 30; ++round) {
    double gradient[2] = {0, 0};
    double curvature[3] = {1e-6, 0, 1e-6};
    for (size_t i = 0; i < forecasts.odds.size(); ++i) {
      const double x = forecasts.odds[i];
      const double p = 1 / (1 + std::exp(-(fit.scale * x + fit.shift)));
      const double weight = p * (1 - p);
      gradient[0] += (p - forecasts.labels[i]) * x;
      gradient[1] += p - forecasts.labels[i];
      curvature[0] += weight * x * x;
      curvature[1] += weight * x;
      curvature[2] += weight;
    }
    const double determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
    if (determinant <= 0) break;
    fit.scale -= (curvature[2] * gradient[0] - curvature[1] * gradient[1]) / determinant;
    fit.shift -= (curvature[0] * gradient[1] - curvature[1] * gradient[0]) / determinant;
  }
  return fit;
}

/// Applies it to output 0.
template <typename Net>
void ApplyCalibration(const Calibration& fit, Net* net) {
  for (float& weight : net->output[0]) weight *= static_cast<float>(fit.scale);
  net->output_bias[0] = static_cast<float>(fit.scale * static_cast<double>(net->output_bias[0]) + fit.shift);
}

}  // namespace peekproof::bench
