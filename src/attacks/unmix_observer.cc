// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_observer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/simd.h"
#include "engines/blend.h"

namespace peekproof::attacks {
namespace {

constexpr float kLikeness = 14.0F;  ///< Standard deviation of the caller's colour around its nearest cell.

[[gnu::always_inline]] inline uint8_t Distance(uint8_t a, uint8_t b) {
  return static_cast<uint8_t>(std::max(a, b) - std::min(a, b));
}

/// 1 where any channel differs by `minimum` from the known wallpaper and the caller's share is below
/// `caller_below`.
PEEKPROOF_VECTOR_CLONES void CandidateRow(const uint8_t* __restrict frame, const uint8_t* __restrict wb,
                                          const uint8_t* __restrict wg, const uint8_t* __restrict wr,
                                          const uint8_t* __restrict known, const float* __restrict caller,
                                          uint8_t minimum, float caller_below, int n,
                                          uint8_t* __restrict candidate) {
  for (int i = 0; i < n; ++i) {
    const uint8_t largest =
        std::max(std::max(Distance(frame[3 * i], wb[i]), Distance(frame[3 * i + 1], wg[i])),
                 Distance(frame[3 * i + 2], wr[i]));
    candidate[i] = static_cast<uint8_t>((largest >= minimum) & (known[i] != 0));
  }
  for (int i = 0; i < n; ++i) {
    candidate[i] = static_cast<uint8_t>(candidate[i] & static_cast<uint8_t>(caller[i] < caller_below));
  }
}

/// 1 / max(1, i), for i from 0 to 255.
const std::array<float, 256>& Reciprocals() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> values{};
    for (size_t i = 0; i < values.size(); ++i) values[i] = 1.0F / std::max(1.0F, static_cast<float>(i));
    return values;
  }();
  return table;
}

/// Smallest alpha for which V + (Y - V) / alpha is a colour.
float AlphaBound(const uint8_t* pixel, const uint8_t* wallpaper) {
  const std::array<float, 256>& reciprocal = Reciprocals();
  float bound = 0.0F;
  for (int c = 0; c < 3; ++c) {
    const int difference = pixel[c] - wallpaper[c];
    const int room = difference > 0 ? 255 - wallpaper[c] : wallpaper[c];
    bound = std::max(bound, static_cast<float>(std::abs(difference)) * reciprocal[static_cast<size_t>(room)]);
  }
  return std::min(bound, 1.0F);
}

/// How well a mixture of the wallpaper and the caller's nearest colour explains the pixel, in [0, 1].
float Likeness(const uint8_t* pixel, const uint8_t* wallpaper, const CallerColours::Nearest& nearest) {
  if (nearest.distance == CallerColours::kFar) return 0.0F;
  cv::Vec3f offset;
  cv::Vec3f caller;
  for (int c = 0; c < 3; ++c) {
    offset[c] = static_cast<float>(pixel[c] - wallpaper[c]);
    caller[c] = static_cast<float>(nearest.colour[c] - wallpaper[c]);
  }
  const float length2 = std::max(caller.dot(caller), 1.0F);
  const float along = std::clamp(offset.dot(caller) / length2, 0.0F, 1.1F);
  const cv::Vec3f off = offset - along * caller;
  return std::exp(-off.dot(off) / (2.0F * kLikeness * kLikeness));
}

cv::Vec3b Rounded(const cv::Vec3f& colour) {
  return {cv::saturate_cast<uint8_t>(colour[0]), cv::saturate_cast<uint8_t>(colour[1]),
          cv::saturate_cast<uint8_t>(colour[2])};
}

}  // namespace

UnmixObserver::UnmixObserver(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
                             const ObserverOptions& options)
    : wallpaper_(std::move(wallpaper)), blend_(blend), options_(options) {}

void UnmixObserver::Begin(const FrameEvidence& evidence) {
  evidence_ = &evidence;
  colours_.Update(evidence.frame.bgr, evidence.caller.values);
}

int UnmixObserver::Candidates(int y, int* columns) const {
  const int width = wallpaper_->bgr.cols;
  constexpr int kBlock = 256;
  std::array<uint8_t, kBlock> candidate;
  int count = 0;
  for (int x = 0; x < width; x += kBlock) {
    const int n = std::min(kBlock, width - x);
    CandidateRow(evidence_->frame.bgr.ptr(y, x), wallpaper_->channel[0].ptr(y, x),
                 wallpaper_->channel[1].ptr(y, x), wallpaper_->channel[2].ptr(y, x),
                 wallpaper_->known.ptr(y, x), evidence_->caller.values[y] + x,
                 static_cast<uint8_t>(options_.min_difference), options_.caller_below, n, candidate.data());
    for (int i = 0; i < n; ++i) {
      columns[count] = x + i;
      count += candidate[static_cast<size_t>(i)];
    }
  }
  return count;
}

ObservationCues UnmixObserver::CuesAt(int y, int x) const {
  const uint8_t* pixel = evidence_->frame.bgr.ptr(y, x);
  const uint8_t* wallpaper = wallpaper_->bgr.ptr(y, x);
  const CallerColours::Nearest& nearest = colours_.RowOf(y)[x / CallerColours::kCell];
  ObservationCues cues;
  cues.caller = evidence_->caller.values(y, x);
  cues.engine_alpha = evidence_->engine_alpha.values(y, x);
  cues.engine_mask = evidence_->engine_mask.values(y, x);
  cues.alpha_bound = AlphaBound(pixel, wallpaper);
  cues.contrast =
      static_cast<float>(std::max({Distance(pixel[0], wallpaper[0]), Distance(pixel[1], wallpaper[1]),
                                   Distance(pixel[2], wallpaper[2])})) /
      255.0F;
  cues.caller_likeness = Likeness(pixel, wallpaper, nearest);
  cues.caller_distance = std::min(static_cast<float>(nearest.distance) / 3.0F, 12.0F);
  return cues;
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
