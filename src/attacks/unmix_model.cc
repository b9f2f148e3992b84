// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_model.h"

#include <algorithm>
#include <cmath>

namespace peekproof::attacks {
namespace {

// Logistic (room, confidence) and least-squares (log alpha) fits on generated calls: 12 test bed scenes of
// 100 frames, seeds 101 to 112, three wallpapers, engines mediapipe, mediapipe-artifact and jitsi (linear)
// and meet (coverage), H.264 at 1.5 Mbit/s, second segmentation by the selfie model. No recorded person was
// used.
constexpr std::array<float, kObservationTerms> kLinearRoom = {-0.7755F, -5.369F, 3.84F,  -0.359F,  0.4974F,
                                                              -2.622F,  -1.333F, 1.263F, -0.6281F, 7.85F,
                                                              -6.358F,  -0.359F, 0.4974F};
constexpr std::array<float, kObservationTerms> kCoverageRoom = {0.08226F, -4.215F, 2.031F, 1.233F,  -1.125F,
                                                                1.92F,    -1.972F, 1.482F, 0.1866F, 6.604F,
                                                                -5.611F,  -2.294F, 0.2803F};
constexpr std::array<float, kObservationTerms> kLinearLogAlpha = {
    -0.656F,  0.8542F, -0.32F,  -0.6146F, 0.11F,    2.126F, -0.07879F,
    -0.2641F, 0.6292F, 0.9008F, -0.6787F, -0.6146F, 0.11F};
constexpr std::array<float, kObservationTerms> kCoverageLogAlpha = {
    0.07574F, -0.3891F, 0.4827F, -0.3091F, -0.3205F, 0.3359F, -0.3024F,
    0.1562F,  0.6709F,  0.3142F, -0.3497F, 0.3472F,  0.1159F};
constexpr std::array<float, kEstimateTerms> kLinearConfidence = {
    3.572F, 0.718F, 0.1258F, 1.412F, -2.803F, -1.896F, -0.1562F, 0.4379F, -4.565F, 2.708F, -3.545F};
constexpr std::array<float, kEstimateTerms> kCoverageConfidence = {
    5.64F, 1.448F, 0.987F, -1.834F, -4.65F, -0.3791F, -4.257F, 0.2467F, 1.356F, 3.353F, -3.021F};

template <size_t kTerms>
float Dot(const std::array<float, kTerms>& a, const std::array<float, kTerms>& b) {
  float sum = 0.0F;
  for (size_t i = 0; i < kTerms; ++i) sum += a[i] * b[i];
  return sum;
}

float Sigmoid(float x) { return 1.0F / (1.0F + std::exp(-std::clamp(x, -30.0F, 30.0F))); }

}  // namespace

std::array<float, kObservationTerms> ObservationTerms(const ObservationCues& cues) {
  const float distance = std::min(cues.caller_distance, 12.0F) / 12.0F;
  return {1.0F,
          cues.caller,
          cues.caller * cues.caller,
          cues.engine_alpha,
          cues.engine_alpha * cues.engine_alpha,
          cues.contrast,
          cues.caller_likeness,
          cues.caller_likeness * cues.caller,
          std::log(std::max({cues.engine_alpha, cues.alpha_bound, 0.03F})),
          distance,
          distance * distance,
          cues.engine_mask,
          cues.engine_mask * cues.engine_mask};
}

ObservationBelief JudgeObservation(AlphaKind kind, const ObservationCues& cues) {
  const bool linear = kind == AlphaKind::kLinear;
  const std::array<float, kObservationTerms> terms = ObservationTerms(cues);
  const float alpha = std::exp(std::min(0.0F, Dot(linear ? kLinearLogAlpha : kCoverageLogAlpha, terms)));
  return {Sigmoid(Dot(linear ? kLinearRoom : kCoverageRoom, terms)),
          std::clamp(std::max(alpha, cues.alpha_bound), 0.03F, 1.0F)};
}

std::array<float, kEstimateTerms> EstimateTerms(const EstimateCues& cues) {
  return {1.0F,
          std::log(std::max(cues.information, 1e-3F)),
          cues.share,
          cues.room,
          cues.alpha,
          std::min(cues.misfit, 3.0F),
          cues.support,
          std::log1p(std::min(cues.span_s, 10.0F)),
          cues.contrast,
          cues.neighbours,
          cues.neighbours * cues.room};
}

float Confidence(AlphaKind kind, const EstimateCues& cues) {
  return Sigmoid(
      Dot(kind == AlphaKind::kLinear ? kLinearConfidence : kCoverageConfidence, EstimateTerms(cues)));
}

}  // namespace peekproof::attacks
