// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_model.h"

#include <algorithm>
#include <cmath>

namespace peekproof::attacks {
namespace {

constexpr std::array<float, kObservationTerms> kRoomWeights = {1.5F, -6, 0, 0, 0, 0, -1, 0, 0, 0, 0};
constexpr std::array<float, kObservationTerms> kLogAlphaWeights = {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0};
constexpr std::array<float, kEstimateTerms> kConfidenceWeights = {-3, 0.5F, 1, 1, 1, 0, 1, 0, 0, 2, 0};

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
          distance * distance};
}

ObservationBelief JudgeObservation(const ObservationCues& cues) {
  const std::array<float, kObservationTerms> terms = ObservationTerms(cues);
  const float alpha = std::exp(std::min(0.0F, Dot(kLogAlphaWeights, terms)));
  return {Sigmoid(Dot(kRoomWeights, terms)), std::clamp(std::max(alpha, cues.alpha_bound), 0.03F, 1.0F)};
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

float Confidence(const EstimateCues& cues) { return Sigmoid(Dot(kConfidenceWeights, EstimateTerms(cues))); }

}  // namespace peekproof::attacks
