// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_model.h"

#include <algorithm>
#include <cmath>

#include "base/simd.h"
#include "image/vector_math.h"

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

constexpr float kSameness = 14.0F;  ///< Standard deviation of the caller's colour around its nearest cell.
constexpr float kLikenessScale = 1.0F / (2.0F * kSameness * kSameness);
constexpr float kLeastAlpha = 0.03F;

/// Weights of the terms of ObservationTerms: of room and of log alpha.
struct BlockWeights {
  float room[kObservationTerms];
  float alpha[kObservationTerms];
};

/// The formulas of CuesOf, ObservationTerms and JudgeObservation, side by side for all entries. One long
/// loop, since everything it needs is in registers.
PEEKPROOF_VECTOR_CLONES void JudgeAll(const BlockWeights& weights, ObservationBlock* __restrict block) {
  const float* r = weights.room;
  const float* a = weights.alpha;
  for (int i = 0; i < ObservationBlock::kSize; ++i) {
    const float ob = block->offset[0][i];
    const float og = block->offset[1][i];
    const float orr = block->offset[2][i];
    const float wb = block->wallpaper[0][i];
    const float wg = block->wallpaper[1][i];
    const float wr = block->wallpaper[2][i];
    const float reach_b = std::max(ob > 0.0F ? 255.0F - wb : wb, 1.0F);
    const float reach_g = std::max(og > 0.0F ? 255.0F - wg : wg, 1.0F);
    const float reach_r = std::max(orr > 0.0F ? 255.0F - wr : wr, 1.0F);
    const float size_b = std::abs(ob);
    const float size_g = std::abs(og);
    const float size_r = std::abs(orr);
    const float bound =
        std::min(std::max(std::max(size_b / reach_b, size_g / reach_g), size_r / reach_r), 1.0F);
    const float contrast = std::max(std::max(size_b, size_g), size_r) * (1.0F / 255.0F);

    const float cb = block->caller_offset[0][i];
    const float cg = block->caller_offset[1][i];
    const float cr = block->caller_offset[2][i];
    const float length2 = std::max(cb * cb + cg * cg + cr * cr, 1.0F);
    const float along = std::min(std::max((ob * cb + og * cg + orr * cr) / length2, 0.0F), 1.1F);
    const float off_b = ob - along * cb;
    const float off_g = og - along * cg;
    const float off_r = orr - along * cr;
    const float distance2 = off_b * off_b + off_g * off_g + off_r * off_r;
    const float like = block->has_caller[i] * image::FastExp(-distance2 * kLikenessScale);

    const float caller = block->caller[i];
    const float alpha = block->engine_alpha[i];
    const float mask = block->engine_mask[i];
    const float log_alpha = image::FastLog(std::max(std::max(alpha, bound), kLeastAlpha));
    const float far = std::min(block->caller_distance[i], 12.0F) * (1.0F / 12.0F);
    const float room = r[0] + caller * (r[1] + r[2] * caller + r[7] * like) + alpha * (r[3] + r[4] * alpha) +
                       r[5] * contrast + r[6] * like + r[8] * log_alpha + far * (r[9] + r[10] * far) +
                       mask * (r[11] + r[12] * mask);
    const float logarithm = a[0] + caller * (a[1] + a[2] * caller + a[7] * like) +
                            alpha * (a[3] + a[4] * alpha) + a[5] * contrast + a[6] * like + a[8] * log_alpha +
                            far * (a[9] + a[10] * far) + mask * (a[11] + a[12] * mask);
    const float believed = std::max(image::FastExp(std::min(logarithm, 0.0F)), bound);
    block->alpha_bound[i] = bound;
    block->room[i] = 1.0F / (1.0F + image::FastExp(-room));
    block->alpha[i] = std::min(std::max(believed, kLeastAlpha), 1.0F);
  }
}

}  // namespace

void JudgeBlock(AlphaKind kind, ObservationBlock* block) {
  const bool linear = kind == AlphaKind::kLinear;
  BlockWeights weights{};
  std::copy_n((linear ? kLinearRoom : kCoverageRoom).begin(), kObservationTerms, weights.room);
  std::copy_n((linear ? kLinearLogAlpha : kCoverageLogAlpha).begin(), kObservationTerms, weights.alpha);
  JudgeAll(weights, block);
}

ObservationCues CuesOf(const ObservationBlock& block, int i) {
  ObservationCues cues;
  cues.caller = block.caller[i];
  cues.engine_alpha = block.engine_alpha[i];
  cues.engine_mask = block.engine_mask[i];
  cues.caller_distance = block.caller_distance[i];
  float dot = 0.0F;
  float length2 = 0.0F;
  for (int c = 0; c < 3; ++c) {
    const float offset = block.offset[c][i];
    const float caller = block.caller_offset[c][i];
    const float reach = offset > 0.0F ? 255.0F - block.wallpaper[c][i] : block.wallpaper[c][i];
    cues.alpha_bound = std::max(cues.alpha_bound, std::abs(offset) / std::max(reach, 1.0F));
    cues.contrast = std::max(cues.contrast, std::abs(offset) / 255.0F);
    dot += offset * caller;
    length2 += caller * caller;
  }
  cues.alpha_bound = std::min(cues.alpha_bound, 1.0F);
  const float along = std::clamp(dot / std::max(length2, 1.0F), 0.0F, 1.1F);
  float distance2 = 0.0F;
  for (int c = 0; c < 3; ++c) {
    const float off = block.offset[c][i] - along * block.caller_offset[c][i];
    distance2 += off * off;
  }
  cues.caller_likeness = block.has_caller[i] * std::exp(-distance2 * kLikenessScale);
  return cues;
}

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
          std::log(std::max({cues.engine_alpha, cues.alpha_bound, kLeastAlpha})),
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
          std::clamp(std::max(alpha, cues.alpha_bound), kLeastAlpha, 1.0F)};
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
