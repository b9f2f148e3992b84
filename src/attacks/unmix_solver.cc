// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_solver.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace peekproof::attacks {
namespace {

constexpr size_t kMaxObservations = 8;
constexpr float kAgrees = 0.3F;     ///< Agreement from which an observation supports an estimate.
constexpr float kExtreme = 3.0F;    ///< A channel this close to 0 or 255 is likely out of gamut, clipped.
constexpr float kMinLength2 = 100;  ///< A room this close to the wallpaper (10 steps) has no direction.

/// Scales `offset` so that wallpaper + offset is a colour.
cv::Vec3f IntoGamut(cv::Vec3b wallpaper, cv::Vec3f offset) {
  float scale = 1.0F;
  for (int c = 0; c < 3; ++c) {
    const float room =
        offset[c] > 0 ? 255.0F - static_cast<float>(wallpaper[c]) : static_cast<float>(wallpaper[c]);
    const float length = std::abs(offset[c]);
    if (length > room) scale = std::min(scale, room / length);
  }
  return offset * scale;
}

/// How an observation agrees with a hypothesis.
struct Fit {
  float agreement = 0;  ///< exp(-chi^2 / 2), in [0, 1].
  float distance2 = 0;  ///< Squared distance from what the hypothesis expects.
  float alpha = 0;      ///< The believed alpha, or 1 where the pixel is rather the room unmixed.
};

Fit FitOf(const Observation& observation, const cv::Vec3f& room, const SolverOptions& options) {
  const float length2 = room.dot(room);
  const float variance = 3.0F * options.noise * options.noise;
  const float along = std::clamp(observation.offset.dot(room) / length2, 0.01F, 1.0F);
  const cv::Vec3f off = observation.offset - along * room;
  const float ratio = std::log(along / observation.alpha) / options.alpha_log_noise;
  Fit fit{off.dot(off) / variance + ratio * ratio, off.dot(off), observation.alpha};
  if (options.saturating) {
    const cv::Vec3f apart = observation.offset - room;
    const float surprise = (1.0F - observation.alpha) / options.saturation_noise;
    const float chi2 = apart.dot(apart) / variance + surprise * surprise;
    if (chi2 < fit.agreement) fit = {chi2, apart.dot(apart), 1.0F};
  }
  fit.agreement = std::exp(-0.5F * std::min(fit.agreement, 60.0F));
  return fit;
}

float WeightOf(const Observation& observation, const Fit& fit) {
  return observation.room * fit.alpha * fit.alpha * fit.agreement;
}

float Score(std::span<const Observation> observations, const cv::Vec3f& room, const SolverOptions& options) {
  float score = 0.0F;
  for (const Observation& o : observations) score += WeightOf(o, FitOf(o, room, options));
  return score;
}

/// One step towards the weighted mean: direction and length apart, since their errors differ.
cv::Vec3f Refine(std::span<const Observation> observations, const cv::Vec3f& room,
                 const SolverOptions& options) {
  cv::Vec3f direction(0, 0, 0);
  float log_length = 0.0F;
  float total = 0.0F;
  for (const Observation& o : observations) {
    const float length2 = o.offset.dot(o.offset);
    if (length2 < 1.0F) continue;
    const Fit fit = FitOf(o, room, options);
    const float weight = WeightOf(o, fit);
    direction += weight / fit.alpha * o.offset;
    log_length += weight * (0.5F * std::log(length2) - std::log(fit.alpha));
    total += weight;
  }
  const float norm = std::sqrt(direction.dot(direction));
  if (total <= 0.0F || norm <= 0.0F) return room;
  return direction * (std::exp(log_length / total) / norm);
}

void Summarise(std::span<const Observation> observations, const SolverOptions& options,
               PixelEstimate* estimate) {
  EstimateCues& cues = estimate->cues;
  float all = 0.0F;
  float agreeing = 0.0F;
  float belief = 0.0F;
  float misfit2 = 0.0F;
  float plain = 0.0F;
  estimate->first_s = INFINITY;
  estimate->last_s = -INFINITY;
  for (const Observation& o : observations) {
    const Fit fit = FitOf(o, estimate->offset, options);
    all += fit.alpha * fit.alpha;
    agreeing += fit.alpha * fit.alpha * fit.agreement;
    cues.information += WeightOf(o, fit);
    plain += fit.agreement;
    belief += fit.agreement * o.room;
    misfit2 += fit.agreement * fit.distance2;
    if (fit.agreement < kAgrees) continue;
    ++estimate->support;
    cues.alpha = std::max(cues.alpha, fit.alpha);
    estimate->first_s = std::min(estimate->first_s, o.time_s);
    estimate->last_s = std::max(estimate->last_s, o.time_s);
  }
  cues.share = agreeing / std::max(all, 1e-6F);
  cues.room = belief / std::max(plain, 1e-6F);
  cues.misfit = std::sqrt(misfit2 / std::max(plain, 1e-6F) / 3.0F) / options.noise;
  cues.support = static_cast<float>(estimate->support) / static_cast<float>(kMaxObservations);
  cues.span_s = estimate->support > 0 ? estimate->last_s - estimate->first_s : 0.0F;
  cues.contrast = std::max({std::abs(estimate->offset[0]), std::abs(estimate->offset[1]),
                            std::abs(estimate->offset[2])}) /
                  255.0F;
}

}  // namespace

PixelEstimate SolvePixel(cv::Vec3b wallpaper, std::span<const Observation> observations,
                         const SolverOptions& options) {
  PEEKPROOF_CHECK(observations.size() <= kMaxObservations, "{} observations", observations.size());
  PixelEstimate estimate;
  float best = 0.0F;
  for (const Observation& o : observations) {
    for (const float alpha : {o.alpha, 1.0F}) {
      const cv::Vec3f room = IntoGamut(wallpaper, o.offset * (1.0F / alpha));
      if (room.dot(room) < kMinLength2) continue;
      const float score = Score(observations, room, options);
      if (score > best) {
        best = score;
        estimate.offset = room;
      }
      if (!options.saturating) break;
    }
  }
  if (best <= 0.0F) return estimate;
  for (int round = 0; round < options.rounds; ++round) {
    const cv::Vec3f refined = IntoGamut(wallpaper, Refine(observations, estimate.offset, options));
    if (refined.dot(refined) < kMinLength2) break;
    estimate.offset = refined;
  }
  Summarise(observations, options, &estimate);
  for (int c = 0; c < 3; ++c) {
    const float colour = static_cast<float>(wallpaper[c]) + estimate.offset[c];
    if (colour < kExtreme || colour > 255.0F - kExtreme) estimate.cues.extreme += 1.0F / 3.0F;
  }
  estimate.found = estimate.support >= options.min_support;
  return estimate;
}

}  // namespace peekproof::attacks
