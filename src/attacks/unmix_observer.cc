// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_observer.h"

#include <algorithm>
#include <utility>

#include "attacks/pack_columns.h"
#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/blend.h"

namespace peekproof::attacks {
namespace {

/// 1 where the caller's share is below `caller_below`, and either the service's alpha is above `alpha_above`
/// or the difference reaches `minimum` and `noise_limit`.
PEEKPROOF_VECTOR_CLONES void CandidateRow(const uint8_t* __restrict difference,
                                          const float* __restrict caller, const float* __restrict alpha,
                                          const float* __restrict noise_limit, const ObserverOptions& limits,
                                          int n, uint8_t* __restrict candidate) {
  const auto minimum = static_cast<float>(limits.min_difference);
  const float caller_below = limits.caller_below;
  const float alpha_above = limits.alpha_above;
  for (int i = 0; i < n; ++i) {
    const float least = std::max(minimum, noise_limit[i]);
    const bool shows = (static_cast<float>(difference[i]) >= least) | (alpha[i] > alpha_above);
    candidate[i] = static_cast<uint8_t>(shows & (caller[i] < caller_below));
  }
}

cv::Vec3b Rounded(const cv::Vec3f& colour) {
  return {cv::saturate_cast<uint8_t>(colour[0]), cv::saturate_cast<uint8_t>(colour[1]),
          cv::saturate_cast<uint8_t>(colour[2])};
}

}  // namespace

UnmixObserver::UnmixObserver(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
                             const ObserverOptions& options)
    : wallpaper_(std::move(wallpaper)),
      blend_(blend),
      options_(options),
      profile_(*wallpaper_),
      texture_(*wallpaper_) {}

void UnmixObserver::Begin(const FrameEvidence& evidence, const cv::Mat1b& difference,
                          const cv::Mat1f& noise_limit) {
  evidence_ = &evidence;
  noise_limit_ = &noise_limit;
  candidates_.create(evidence.frame.bgr.size());
  ParallelRows(candidates_.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      CandidateRow(difference.ptr(y), evidence.caller.values[y], evidence.engine_alpha.values[y],
                   noise_limit[y], options_, candidates_.cols, candidates_.ptr(y));
  });
  colours_.Update(evidence.frame.bgr, evidence.caller.values);
  rim_.Update(evidence.caller, difference, noise_limit);
  profile_.Update(evidence, rim_, candidates_);
  texture_.Update(evidence.frame.bgr);
}

int UnmixObserver::Candidates(int y, int* columns) const {
  return PackColumns(candidates_[y], candidates_.cols, 0, columns);
}

void UnmixObserver::Fill(int y, const int* columns, int count, ObservationBlock* block) const {
  PEEKPROOF_CHECK(count <= ObservationBlock::kSize, "{} entries", count);
  const uint8_t* frame = evidence_->frame.bgr.ptr(y);
  const uint8_t* wallpaper = wallpaper_->bgr.ptr(y);
  const float* caller = evidence_->caller.values[y];
  const float* alpha = evidence_->engine_alpha.values[y];
  const float* mask = evidence_->engine_mask.values[y];
  const CallerColours::Nearest* cells = colours_.RowOf(y);
  if (count < ObservationBlock::kSize) *block = {};
  const float third = 720.0F / (3.0F * static_cast<float>(evidence_->frame.bgr.rows));
  for (int i = 0; i < count; ++i) {
    const int x = columns[i];
    const CallerColours::Nearest& nearest = cells[x / CallerColours::kCell];
    for (int c = 0; c < 3; ++c) {
      const int base = wallpaper[3 * x + c];
      block->offset[c][i] = static_cast<float>(frame[3 * x + c] - base);
      block->wallpaper[c][i] = static_cast<float>(base);
      block->caller_offset[c][i] = static_cast<float>(nearest.colour[c] - base);
    }
    block->has_caller[i] = nearest.distance == CallerColours::kFar ? 0.0F : 1.0F;
    block->caller_distance[i] = std::min(static_cast<float>(nearest.distance) * third, 12.0F);
    block->caller[i] = caller[x];
    block->engine_alpha[i] = alpha[x];
    block->engine_mask[i] = mask[x];
    block->noise_limit[i] = (*noise_limit_)(y, x);
    block->depth_px[i] = rim_.DepthAt(y, x);
    block->outline_px[i] = rim_.OutlineAt(y, x);
    block->texture_slope[i] = texture_.SlopeAt(y, x);
    block->support[i] = wallpaper_->support(y, x);
    block->known[i] = wallpaper_->known(y, x) != 0 ? 1.0F : 0.0F;
    block->texture_strength[i] = texture_.StrengthAt(y, x);
    const float* profile = profile_.At(y, x);
    for (int k = 0; k < RimProfile::kCues; ++k) block->profile[k][i] = profile[k];
  }
}

cv::Vec3b UnmixObserver::ColourAt(int y, int x) const {
  const cv::Vec3b pixel = evidence_->frame.bgr(y, x);
  const float mask = evidence_->engine_mask.values(y, x);
  if (blend_.light_wrap <= 0.0F || mask <= blend_.coverage_high) return pixel;
  const cv::Vec3b wallpaper = wallpaper_->bgr(y, x);
  const engines::LinearMix now = engines::LinearMixOf(blend_, mask, 1.0F, wallpaper);
  const engines::LinearMix full = engines::LinearMixOf(blend_, blend_.coverage_high, 1.0F, wallpaper);
  cv::Vec3f colour;
  for (int c = 0; c < 3; ++c) {
    const float room =
        std::clamp((static_cast<float>(pixel[c]) - now.offset[c]) / now.weight[c], 0.0F, 255.0F);
    colour[c] = full.weight[c] * room + full.offset[c];
  }
  return Rounded(colour);
}

cv::Vec3b UnmixObserver::RoomColour(cv::Vec3b wallpaper, cv::Vec3f lightened) const {
  if (blend_.light_wrap <= 0.0F) return Rounded(lightened);
  const engines::LinearMix full = engines::LinearMixOf(blend_, blend_.coverage_high, 1.0F, wallpaper);
  cv::Vec3f colour;
  for (int c = 0; c < 3; ++c) colour[c] = (lightened[c] - full.offset[c]) / full.weight[c];
  return Rounded(colour);
}

}  // namespace peekproof::attacks
