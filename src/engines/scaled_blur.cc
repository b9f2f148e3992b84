// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Blurs that shrink the picture, convolve it once, and grow it again.
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "engines/blur_filter.h"
#include "engines/blur_limit.h"
#include "engines/float_picture.h"

namespace peekproof::engines {
namespace {

/// Of a disc; the coarsest of a picture.
constexpr int kMaxFactor = 16;

/// How a blur runs on frames of one size. Without a disc, it is separable.
struct Plan {
  Shrinking shrinking;
  std::vector<float> kernel{1.0F};  ///< Centre and one side.
  PointKernel disc;
};

double VarianceOf(const std::vector<float>& kernel) {
  double sum = 0;
  for (size_t k = 1; k < kernel.size(); ++k) {
    sum += 2.0 * static_cast<double>(kernel[k]) * static_cast<double>(k * k);
  }
  return sum;
}

/// Per axis.
double VarianceOf(const PointKernel& kernel) {
  double sum = 0;
  for (const TapPair& pair : kernel.pairs) sum += 2.0 * static_cast<double>(pair.weight) * pair.dx * pair.dx;
  return sum;
}

/// A Gaussian of sigma `sigma`, cut after `radius` taps to each side.
std::vector<float> GaussianTaps(double sigma, int radius) {
  std::vector<double> taps;
  double sum = 0;
  for (int k = 0; k <= radius; ++k) {
    taps.push_back(sigma > 0 ? std::exp(-0.5 * k * k / (sigma * sigma)) : (k == 0 ? 1.0 : 0.0));
    sum += (k == 0 ? 1.0 : 2.0) * taps.back();
  }
  std::vector<float> kernel;
  for (const double tap : taps) kernel.push_back(static_cast<float>(tap / sum));
  return kernel;
}

/// Keeps sigma at 1.5 small pixels or more, where growing again is exact enough.
int GaussianFactor(double sigma) {
  if (sigma < 3.0) return 1;
  if (sigma < 10.0) return 2;
  return sigma < 24.0 ? 4 : 8;
}

/// What is left of a variance once shrinking and growing have had their part, in small pixels.
double VarianceLeft(double variance, int factor) {
  const double taken = ShrinkVariance({factor, factor, 0}) + GrowVariance(factor);
  return (variance - taken) / (factor * factor);
}

class ScaledBlur : public BlurFilter {
 public:
  using Planner = std::function<Plan(cv::Size frame)>;

  explicit ScaledBlur(Planner planner) : planner_(std::move(planner)) {}

  void Apply(const cv::Mat3b& picture, const cv::Mat1b* weight, cv::Mat3b* blurred) override {
    PEEKPROOF_CHECK(picture.data != blurred->data, "blurred in place");
    if (picture.size() != size_) {
      size_ = picture.size();
      plan_ = planner_(size_);
    }
    Shrink(picture, weight, plan_.shrinking, plan_.disc.reach, &small_);
    if (plan_.disc.pairs.empty()) {
      ConvolveSeparable(small_, plan_.kernel, 1, &convolved_);
    } else {
      ConvolvePoints(small_, plan_.disc, 1, &convolved_);
    }
    if (weight != nullptr) divider_.Apply(convolved_, plan_.shrinking.ring, 1, &colours_);
    grower_.Apply(weight != nullptr ? colours_ : convolved_, plan_.shrinking, size_, blurred);
  }

  double EffectiveSigma(cv::Size frame) const override {
    const Plan plan = planner_(frame);
    const int factor = plan.shrinking.factor;
    const double convolution = VarianceOf(plan.kernel) + VarianceOf(plan.disc);
    return std::sqrt(ShrinkVariance(plan.shrinking) + convolution * factor * factor + GrowVariance(factor));
  }

 private:
  Planner planner_;
  Plan plan_;
  cv::Size size_;
  FloatPicture small_;
  FloatPicture convolved_;
  FloatPicture colours_;
  WeightDivider divider_;
  Grower grower_;
};

/// Means of whole blocks, with a ring where there are any.
Shrinking Whole(int factor) { return {factor, factor, factor > 1 ? 1 : 0}; }

Plan PlanGaussian(double sigma, int kernel) {
  if (kernel > 0) return {{}, GaussianTaps(sigma, kernel / 2), {}};
  const int factor = GaussianFactor(sigma);
  const double small_sigma = std::sqrt(VarianceLeft(sigma * sigma, factor));
  return {Whole(factor), GaussianTaps(small_sigma, static_cast<int>(std::ceil(4.0 * small_sigma))), {}};
}

/// Share of the pixel at (dx, dy) that lies in the disc, from 16 x 16 points.
double DiscCover(int dx, int dy, double radius) {
  constexpr int kPoints = 16;
  int inside = 0;
  for (int i = 0; i < kPoints; ++i) {
    for (int j = 0; j < kPoints; ++j) {
      const double x = dx - 0.5 + (i + 0.5) / kPoints;
      const double y = dy - 0.5 + (j + 0.5) / kPoints;
      if (x * x + y * y <= radius * radius) ++inside;
    }
  }
  return static_cast<double>(inside) / (kPoints * kPoints);
}

PointKernel DiscKernel(double radius) {
  PointKernel kernel;
  kernel.reach = static_cast<int>(std::ceil(radius + 0.5));
  double sum = DiscCover(0, 0, radius);
  for (int dy = 0; dy <= kernel.reach; ++dy) {
    for (int dx = dy == 0 ? 1 : -kernel.reach; dx <= kernel.reach; ++dx) {
      const double cover = DiscCover(dx, dy, radius);
      if (cover == 0.0) continue;
      kernel.pairs.push_back({dx, dy, static_cast<float>(cover)});
      sum += 2.0 * cover;
    }
  }
  const auto scale = static_cast<float>(1.0 / sum);
  kernel.centre = static_cast<float>(DiscCover(0, 0, radius)) * scale;
  for (TapPair& pair : kernel.pairs) pair.weight *= scale;
  return kernel;
}

/// A disc of radius r has the variance r^2 / 4 per axis. The factor keeps the number of taps times the number
/// of small pixels in bounds.
Plan PlanBokeh(double radius) {
  int factor = 1;
  while (factor < kMaxFactor && radius > 2.5 * factor * factor) factor *= 2;
  const double left = VarianceLeft(radius * radius / 4.0, factor);
  return {Whole(factor), {1.0F}, DiscKernel(2.0 * std::sqrt(left))};
}

}  // namespace

std::unique_ptr<BlurFilter> MakeGaussianFilter(const Extent& sigma, int kernel) {
  PEEKPROOF_CHECK(kernel == 0 || kernel % 2 == 1, "{} taps", kernel);
  return std::make_unique<ScaledBlur>(
      [=](cv::Size frame) { return PlanGaussian(sigma.PixelsAt(frame), kernel); });
}

std::unique_ptr<BlurFilter> MakeHeightScaledGaussian(float base) {
  return std::make_unique<ScaledBlur>([=](cv::Size frame) {
    const double sigma = std::round(static_cast<double>(base) * frame.height / 540.0);
    return PlanGaussian(std::max(1.0, sigma), 0);
  });
}

std::unique_ptr<BlurFilter> MakeHidingGaussian(float share) {
  constexpr double kBestAverage = 0.03;  // Levels of noise that an attacker has left.
  return std::make_unique<ScaledBlur>([=](cv::Size frame) {
    const double capitals_px = static_cast<double>(share) * frame.height;
    return PlanGaussian(std::max(1.0, SigmaThatHides(capitals_px, kBestAverage)), 0);
  });
}

std::unique_ptr<BlurFilter> MakeBokehFilter(const Extent& radius) {
  return std::make_unique<ScaledBlur>([=](cv::Size frame) { return PlanBokeh(radius.PixelsAt(frame)); });
}

std::unique_ptr<BlurFilter> MakeLiveKitFilter(int radius) {
  PEEKPROOF_CHECK(radius >= 4, "radius {}", radius);
  return std::make_unique<ScaledBlur>([=](cv::Size /*frame*/) {
    return Plan{{4, 2, 0}, GaussianTaps(radius / 4, radius / 4), {}};  // NOLINT(bugprone-integer-division)
  });
}

}  // namespace peekproof::engines
