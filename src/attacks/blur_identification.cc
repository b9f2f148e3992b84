// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_identification.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "attacks/blur_spectrum.h"
#include "attacks/slope_fit.h"
#include "base/check.h"
#include "engines/blur_limit.h"

namespace peekproof::attacks {
namespace {

constexpr double kNarrowest = 0.7;  // Pixels; a lens does as much.
constexpr double kWidest = 80;
constexpr double kWidthStep = 1.08;  // First; then, about the best of these,
constexpr double kFineStep = 1.02;
constexpr double kClearlyBetter = 0.93;  // Of the Gaussian's misfit, to be taken for something else.
constexpr double kNearlyBest = 1.1;
constexpr double kNoSlopes = 1e-6;  // Squared levels.
constexpr int kLeastWaves = 4;      // Above the noise.

struct Candidate {
  double sigma_px;
  SlopeParts parts;
};

const Candidate& BestOf(const std::vector<Candidate>& candidates) {
  return *std::min_element(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.parts.misfit < b.parts.misfit;
  });
}

std::vector<Candidate> TryWidths(const SlopeFit& fit, const RunWindow& window, int bins,
                                 engines::BlurFamily family) {
  std::vector<Candidate> candidates;
  const auto try_between = [&](double low, double high, double step) {
    for (double sigma = low; sigma < high; sigma *= step)
      candidates.push_back({sigma, fit.Explain(window.Expect({family, sigma}, bins))});
  };
  try_between(kNarrowest, kWidest, kWidthStep);
  const double coarse = BestOf(candidates).sigma_px;
  try_between(std::max(kNarrowest, coarse / kWidthStep), coarse * kWidthStep, kFineStep);
  return candidates;
}

void TellInterval(const std::vector<Candidate>& candidates, BlurEstimate* estimate) {
  const double limit = kNearlyBest * BestOf(candidates).parts.misfit + 0.01;
  estimate->sigma_low_px = kWidest;
  for (const Candidate& candidate : candidates) {
    if (candidate.parts.misfit > limit) continue;
    estimate->sigma_low_px = std::min(estimate->sigma_low_px, candidate.sigma_px);
    estimate->sigma_high_px = std::max(estimate->sigma_high_px, candidate.sigma_px);
  }
}

// The best family, first; the Gaussian unless another one is clearly better.
void SortFits(std::vector<BlurFit>* fits) {
  const double gaussian = fits->front().misfit;
  std::stable_sort(fits->begin(), fits->end(), [&](const BlurFit& a, const BlurFit& b) {
    const auto rank = [&](const BlurFit& fit) {
      return fit.kernel.family == engines::BlurFamily::kGaussian ? kClearlyBetter * gaussian : fit.misfit;
    };
    return rank(a) < rank(b);
  });
}

// Steps are the stronger, the longer the wave: what counts is the noise at the finest wave that stands out of
// it.
double NoiseWhereItCounts(const engines::BlurKernel& kernel, const SlopeParts& parts) {
  constexpr int kRounds = 20;
  constexpr double kShortest = 0.25;
  double wave = kShortest;
  for (int round = 0; round < kRounds; ++round) {
    const double noise = std::sqrt(parts.noise + parts.steps / SlopesOfNoise(wave));
    // Half way, or it would go to and fro.
    wave = (wave + std::clamp(engines::FinestWave(kernel, noise), 1e-3, kShortest)) / 2;
  }
  return std::sqrt(parts.noise + parts.steps / SlopesOfNoise(wave));
}

}  // namespace

cv::Mat1f LumaOf(const cv::Mat3f& bgr) {
  cv::Mat1f luma;
  cv::cvtColor(bgr, luma, cv::COLOR_BGR2GRAY);
  return luma;
}

std::optional<BlurEstimate> IdentifyBlur(const cv::Mat1f& luma, const cv::Mat1b& known) {
  PEEKPROOF_CHECK(luma.size() == known.size(), "sizes differ");
  const std::optional<SlopeSpectrum> spectrum = MeasureSlopes(luma, known);
  if (!spectrum || *std::max_element(spectrum->power.begin(), spectrum->power.end()) < kNoSlopes)
    return std::nullopt;
  const SlopeFit fit(*spectrum);
  const RunWindow window(spectrum->length);
  BlurEstimate estimate;
  std::vector<std::vector<Candidate>> widths;
  for (const engines::BlurFamily family : engines::kBlurFamilies) {
    widths.push_back(TryWidths(fit, window, static_cast<int>(spectrum->power.size()), family));
    const Candidate& best = BestOf(widths.back());
    estimate.fits.push_back({{family, best.sigma_px}, best.parts.misfit});
  }
  SortFits(&estimate.fits);
  estimate.kernel = estimate.fits.front().kernel;
  const std::vector<Candidate>& chosen = widths[static_cast<size_t>(estimate.kernel.family)];
  TellInterval(chosen, &estimate);
  const SlopeParts& parts = BestOf(chosen).parts;
  if (parts.waves < kLeastWaves) return std::nullopt;
  estimate.noise = NoiseWhereItCounts(estimate.kernel, parts);
  return estimate;
}

}  // namespace peekproof::attacks
