// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/matte_error.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "base/check.h"

namespace peekproof::metrics {
namespace {

constexpr double kGradientSigma = 1.4;
constexpr int kGradientRadius = 4;

double PerFrame(double sum, int64_t frames) { return frames > 0 ? sum / static_cast<double>(frames) : 0; }
double PerCaller(double sum, double caller_px) { return caller_px > 0 ? sum / caller_px : 0; }

/// Magnitude of the gradient of the picture smoothed by a Gaussian.
cv::Mat1f GradientOf(const cv::Mat1f& alpha) {
  std::vector<float> smooth;
  std::vector<float> slope;
  double sum = 0;
  for (int i = -kGradientRadius; i <= kGradientRadius; ++i) {
    sum += std::exp(-0.5 * i * i / (kGradientSigma * kGradientSigma));
  }
  for (int i = -kGradientRadius; i <= kGradientRadius; ++i) {
    const double value = std::exp(-0.5 * i * i / (kGradientSigma * kGradientSigma)) / sum;
    smooth.push_back(static_cast<float>(value));
    slope.push_back(static_cast<float>(i * value / (kGradientSigma * kGradientSigma)));
  }
  cv::Mat1f dx;
  cv::Mat1f dy;
  cv::sepFilter2D(alpha, dx, CV_32F, slope, smooth, {-1, -1}, 0, cv::BORDER_REPLICATE);
  cv::sepFilter2D(alpha, dy, CV_32F, smooth, slope, {-1, -1}, 0, cv::BORDER_REPLICATE);
  cv::Mat1f magnitude;
  cv::magnitude(dx, dy, magnitude);
  return magnitude;
}

}  // namespace

double MatteError::lost_share() const { return PerCaller(lost_px, caller_px); }
double MatteError::extra_share() const { return PerCaller(extra_px, caller_px); }
double MatteError::sad() const { return PerFrame(lost_px + extra_px, frames) / 1000; }
double MatteError::gradient_error() const { return PerFrame(gradient, frames) / 1000; }
double MatteError::flicker() const { return PerFrame(flicker_px, frames - 1) / 1000; }

void MatteErrorMeter::Add(const image::AlphaMask& caller, const image::AlphaMask& alpha) {
  PEEKPROOF_CHECK(caller.values.size() == alpha.values.size(), "mattes of two sizes");
  PEEKPROOF_CHECK(off_.empty() || off_.size() == caller.values.size(), "the size changed");
  std::swap(off_, last_off_);
  cv::subtract(alpha.values, caller.values, off_);
  const double absolute = cv::norm(off_, cv::NORM_L1);
  const double surplus = cv::sum(off_)[0];
  result_.caller_px += cv::sum(caller.values)[0];
  result_.extra_px += 0.5 * (absolute + surplus);
  result_.lost_px += 0.5 * (absolute - surplus);
  result_.gradient += cv::norm(GradientOf(alpha.values), GradientOf(caller.values), cv::NORM_L2SQR);
  if (!last_off_.empty()) result_.flicker_px += cv::norm(off_, last_off_, cv::NORM_L1);
  ++result_.frames;
}

}  // namespace peekproof::metrics
