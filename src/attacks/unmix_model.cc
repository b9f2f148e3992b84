// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_model.h"

#include <algorithm>
#include <cmath>

#include "base/simd.h"
#include "image/vector_math.h"

namespace peekproof::attacks {
namespace {

// Logistic (room, confidence) and least-squares (log alpha) fits on 21 generated calls of 100 frames at 12.5
// frames per second: test bed callers, rooms and wallpapers, nine of the calls with fractal texture over all
// three; engines mediapipe, mediapipe-artifact and jitsi (linear: 13 calls) and meet (coverage: 8), H.264 at
// 1.5 Mbit/s, second segmentation by the selfie model. No recorded person, room or wallpaper was used.
constexpr std::array<float, kObservationTerms> kLinearRoom = {-0.7672F, -2.899F, 2.219F,  0.296F,   -0.5492F,
                                                              -4.042F,  -0.984F, 1.103F,  -0.4953F, 7.076F,
                                                              -5.435F,  0.296F,  -0.5492F};
constexpr std::array<float, kObservationTerms> kCoverageRoom = {-0.06965F, -3.932F, 1.883F, 1.42F,   -1.27F,
                                                                1.812F,    -1.991F, 1.917F, 0.2337F, 7.914F,
                                                                -7.048F,   -2.518F, -0.258F};
constexpr std::array<float, kObservationTerms> kLinearLogAlpha = {
    -0.9914F, 0.6832F, -0.247F, -0.1433F, -0.07606F, 1.745F,   -0.005878F,
    -0.3111F, 0.4757F, 0.5043F, -0.177F,  -0.1433F,  -0.07606F};
constexpr std::array<float, kObservationTerms> kCoverageLogAlpha = {
    -0.02798F, -0.3611F, 0.5302F, -0.2973F, -0.1209F, 0.5253F, -0.4993F,
    0.3937F,   0.5377F,  0.2911F, -0.3975F, 0.1616F,  0.05475F};
constexpr std::array<float, kEstimateTerms> kLinearConfidence = {
    -2.622F, 0.2148F, 0.1384F, 8.176F,  1.123F, -1.801F, 0.103F,  0.5219F, -2.051F,
    4.947F,  -2.19F,  0.8121F, -6.834F, -1.84F, -1.034F, -2.777F, 0.4687F};
constexpr std::array<float, kEstimateTerms> kCoverageConfidence = {
    4.171F, 1.279F,  1.369F, -3.051F, -4.267F,  -0.2556F, -2.895F, 0.2515F, 1.642F,
    4.082F, -1.722F, 1.773F, 1.392F,  -0.2737F, -2.231F,  1.286F,  -1.209F};

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
          cues.neighbours * cues.room,
          cues.extreme,
          cues.room * cues.room,
          cues.room * cues.alpha,
          cues.neighbours * cues.neighbours,
          cues.neighbours * cues.alpha,
          cues.share * cues.support};
}

float Confidence(AlphaKind kind, const EstimateCues& cues) {
  return Sigmoid(
      Dot(kind == AlphaKind::kLinear ? kLinearConfidence : kCoverageConfidence, EstimateTerms(cues)));
}

}  // namespace peekproof::attacks
