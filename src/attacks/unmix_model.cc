// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_model.h"

#include <algorithm>
#include <cmath>

#include "attacks/unmix_weights.h"
#include "base/simd.h"
#include "image/vector_math.h"

namespace peekproof::attacks {
namespace {

float Sigmoid(float x) { return 1.0F / (1.0F + std::exp(-std::clamp(x, -30.0F, 30.0F))); }

constexpr float kSameness = 14.0F;  ///< Standard deviation of the caller's colour around its nearest cell.
constexpr float kLikenessScale = 1.0F / (2.0F * kSameness * kSameness);
constexpr float kLeastAlpha = 0.03F;
constexpr float kLeastNoise = 4.0F;  ///< 8-bit steps.
constexpr float kBoundNoise = 0.5F;  ///< Share of the noise limit that a difference may owe to noise.
constexpr float kFarCells = 12.0F;
constexpr float kDeepPx = 32.0F;
constexpr float kOutlinePx = 32.0F;

/// The inputs of all entries, one row for each input.
struct BlockInputs {
  float rows[kObservationInputs][ObservationBlock::kSize];
};

/// The formulas of CuesOf and ObservationInputs, side by side for all entries. One long loop, since
/// everything it needs is in registers.
PEEKPROOF_VECTOR_CLONES void FillInputs(ObservationBlock* __restrict block, BlockInputs* __restrict inputs) {
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
    const float largest = std::max(std::max(size_b, size_g), size_r);
    const float noise = std::max(block->noise_limit[i], kLeastNoise);
    const float sure_b = size_b - kBoundNoise * noise;
    const float sure_g = size_g - kBoundNoise * noise;
    const float sure_r = size_r - kBoundNoise * noise;
    const float bound = std::min(
        std::max(std::max(std::max(sure_b / reach_b, sure_g / reach_g), sure_r / reach_r), 0.0F), 1.0F);

    const float cb = block->caller_offset[0][i];
    const float cg = block->caller_offset[1][i];
    const float cr = block->caller_offset[2][i];
    const float length2 = std::max(cb * cb + cg * cg + cr * cr, 1.0F);
    const float along = std::min(std::max((ob * cb + og * cg + orr * cr) / length2, 0.0F), 1.1F);
    const float off_b = ob - along * cb;
    const float off_g = og - along * cg;
    const float off_r = orr - along * cr;
    const float distance2 = off_b * off_b + off_g * off_g + off_r * off_r;

    const float alpha = block->engine_alpha[i];
    block->alpha_bound[i] = bound;
    inputs->rows[0][i] = block->caller[i];
    inputs->rows[1][i] = block->engine_mask[i];
    inputs->rows[2][i] = alpha;
    inputs->rows[3][i] = bound;
    inputs->rows[4][i] = largest * (1.0F / 255.0F);
    inputs->rows[5][i] = std::min(0.5F * image::FastLog(std::max(largest, 1.0F) / noise), 1.5F);
    inputs->rows[6][i] = block->has_caller[i] * image::FastExp(-distance2 * kLikenessScale);
    inputs->rows[7][i] = std::min(block->caller_distance[i], kFarCells) * (1.0F / kFarCells);
    inputs->rows[8][i] = std::min(block->depth_px[i], kDeepPx) * (1.0F / kDeepPx);
    inputs->rows[9][i] =
        std::min(std::max(block->outline_px[i], -kOutlinePx), kOutlinePx) * (1.0F / kOutlinePx);
    inputs->rows[10][i] = 0.3F * image::FastLog(std::max(std::max(alpha, bound), kLeastAlpha));
    inputs->rows[11][i] = block->texture_slope[i];
    inputs->rows[12][i] = 0.3F * image::FastLog(1.0F + block->texture_strength[i]);
    inputs->rows[13][i] = block->support[i];
    inputs->rows[14][i] = block->known[i];
  }
  for (int k = 0; k < RimProfile::kCues; ++k)
    for (int i = 0; i < ObservationBlock::kSize; ++i)
      inputs->rows[kPixelInputs + k][i] = block->profile[k][i];
}

/// The network of all entries, and its verdicts.
PEEKPROOF_VECTOR_CLONES void JudgeAll(const ObservationNet& net, const BlockInputs& inputs,
                                      ObservationBlock* __restrict block) {
  constexpr int n = ObservationBlock::kSize;
  float room[n];
  float logarithm[n];
  for (int i = 0; i < n; ++i) {
    room[i] = net.output_bias[0];
    logarithm[i] = net.output_bias[1];
  }
  for (int h = 0; h < ObservationNet::kHiddenCount; ++h) {
    float unit[n];
    for (int i = 0; i < n; ++i) unit[i] = net.hidden_bias[h];
    for (int k = 0; k < kObservationInputs; ++k) {
      const float weight = net.hidden[h][k];
      const float* row = inputs.rows[k];
      for (int i = 0; i < n; ++i) unit[i] += weight * row[i];
    }
    const float to_room = net.output[0][h];
    const float to_alpha = net.output[1][h];
    for (int i = 0; i < n; ++i) {
      const float active = std::max(unit[i], 0.0F);
      room[i] += to_room * active;
      logarithm[i] += to_alpha * active;
    }
  }
  for (int i = 0; i < n; ++i) {
    const float odds = std::min(std::max(room[i], -30.0F), 30.0F);
    block->room[i] = 1.0F / (1.0F + image::FastExp(-odds));
    const float believed =
        std::max(image::FastExp(std::max(std::min(logarithm[i], 0.0F), -8.0F)), block->alpha_bound[i]);
    block->alpha[i] = std::min(std::max(believed, kLeastAlpha), 1.0F);
  }
}

}  // namespace

void JudgeBlock(const ObservationNet& net, ObservationBlock* block) {
  BlockInputs inputs;
  FillInputs(block, &inputs);
  JudgeAll(net, inputs, block);
}

ObservationCues CuesOf(const ObservationBlock& block, int i) {
  ObservationCues cues;
  cues.caller = block.caller[i];
  cues.engine_alpha = block.engine_alpha[i];
  cues.engine_mask = block.engine_mask[i];
  cues.caller_distance = block.caller_distance[i];
  cues.noise = block.noise_limit[i] / 255.0F;
  cues.depth_px = block.depth_px[i];
  cues.outline_px = block.outline_px[i];
  cues.texture_slope = block.texture_slope[i];
  cues.texture_strength = block.texture_strength[i];
  cues.support = block.support[i];
  cues.known = block.known[i];
  for (size_t k = 0; k < cues.profile.size(); ++k) cues.profile[k] = block.profile[k][i];
  float dot = 0.0F;
  float length2 = 0.0F;
  for (int c = 0; c < 3; ++c) {
    const float offset = block.offset[c][i];
    const float caller = block.caller_offset[c][i];
    const float reach = offset > 0.0F ? 255.0F - block.wallpaper[c][i] : block.wallpaper[c][i];
    const float sure = std::abs(offset) - kBoundNoise * std::max(block.noise_limit[i], kLeastNoise);
    cues.alpha_bound = std::max(cues.alpha_bound, sure / std::max(reach, 1.0F));
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

std::array<float, kObservationInputs> ObservationInputs(const ObservationCues& cues) {
  const float noise = std::max(255.0F * cues.noise, kLeastNoise);
  const float pixel[kPixelInputs] = {
      cues.caller,
      cues.engine_mask,
      cues.engine_alpha,
      cues.alpha_bound,
      cues.contrast,
      std::min(0.5F * std::log(std::max(255.0F * cues.contrast, 1.0F) / noise), 1.5F),
      cues.caller_likeness,
      std::min(cues.caller_distance, kFarCells) / kFarCells,
      std::min(cues.depth_px, kDeepPx) / kDeepPx,
      std::clamp(cues.outline_px, -kOutlinePx, kOutlinePx) / kOutlinePx,
      0.3F * std::log(std::max({cues.engine_alpha, cues.alpha_bound, kLeastAlpha})),
      cues.texture_slope,
      0.3F * std::log1p(cues.texture_strength),
      cues.support,
      cues.known};
  std::array<float, kObservationInputs> inputs;
  std::copy(std::begin(pixel), std::end(pixel), inputs.begin());
  std::copy(cues.profile.begin(), cues.profile.end(), inputs.begin() + kPixelInputs);
  return inputs;
}

ObservationBelief JudgeObservation(const ObservationNet& net, const ObservationCues& cues) {
  float outputs[2];
  net.Run(ObservationInputs(cues).data(), outputs);
  const float alpha = std::exp(std::clamp(outputs[1], -8.0F, 0.0F));
  return {Sigmoid(outputs[0]), std::clamp(std::max(alpha, cues.alpha_bound), kLeastAlpha, 1.0F)};
}

std::array<float, kEstimateInputs> EstimateInputs(const EstimateCues& cues) {
  return {0.3F * std::log(std::max(cues.information, 1e-3F)),
          0.3F * std::log(std::max(cues.nearby, 1e-3F)),
          0.4F * std::log1p(cues.apart),
          0.3F * std::log(std::max(cues.weight, 1e-3F)),
          cues.room,
          cues.alpha,
          cues.mean_alpha,
          0.4F * std::log1p(cues.misfit),
          0.3F * std::log1p(cues.frames),
          0.4F * std::log1p(std::min(cues.span_s, 10.0F)),
          cues.contrast,
          0.4F * std::log1p(255.0F * cues.contrast),
          0.4F * std::log1p(255.0F * cues.noise),
          cues.extreme,
          cues.neighbours,
          0.3F * std::log1p(cues.palette),
          cues.differing,
          std::min(4.0F * cues.unrest, 1.5F),
          cues.support,
          cues.known};
}

float Confidence(const EstimateNet& net, const EstimateCues& cues) {
  float odds = 0;
  net.Run(EstimateInputs(cues).data(), &odds);
  return Sigmoid(odds);
}

const UnmixNets& FittedNets(AlphaKind kind) {
  return kind == AlphaKind::kLinear ? kLinearNets : kCoverageNets;
}

}  // namespace peekproof::attacks
