// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix_solver.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace peekproof::attacks {
namespace {

constexpr float kNearbyInformation = 0.5F;
constexpr float kExtreme = 3.0F;  ///< A channel this close to 0 or 255 is likely out of gamut, clipped.

}  // namespace

void MixtureSums::Add(const Observation& observation) {
  const float w = observation.room * observation.room;
  const float wa = w * observation.alpha;
  weight += w;
  room += w * observation.room;
  alpha += wa;
  alpha2 += wa * observation.alpha;
  for (int c = 0; c < 3; ++c) {
    offset[c] += wa * observation.offset[c];
    plain[c] += w * observation.offset[c];
  }
  offset2 += w * observation.offset.dot(observation.offset);
  if (observation.room < kTelling) return;
  if (frames == 0) first = observation.time;
  first = std::min(first, observation.time);
  last = std::max(last, observation.time);
  if (frames < std::numeric_limits<uint16_t>::max()) ++frames;
  most_alpha = std::max(most_alpha, cv::saturate_cast<uint8_t>(observation.alpha * 255.0F));
}

void MixtureSums::Rebase(const cv::Vec3f& shift) {
  for (int c = 0; c < 3; ++c) {
    offset2 += shift[c] * (shift[c] * weight - 2.0F * plain[c]);
    offset[c] -= shift[c] * alpha;
    plain[c] -= shift[c] * weight;
  }
  offset2 = std::max(offset2, 0.0F);
}

PixelEstimate SolvePixel(cv::Vec3b wallpaper, const MixtureSums& sums, const RoomNearby& nearby,
                         float least_information) {
  PixelEstimate estimate;
  if (sums.frames == 0 || sums.alpha2 < least_information) return estimate;
  estimate.found = true;
  EstimateCues& cues = estimate.cues;
  const float beside = nearby.information > 0.0F ? kNearbyInformation : 0.0F;
  float explained = 0.0F;
  for (int c = 0; c < 3; ++c) {
    const float base = static_cast<float>(wallpaper[c]);
    const float own = sums.offset[c] / sums.alpha2;
    explained += own * sums.offset[c];
    const float fitted = (sums.offset[c] + beside * nearby.offset[c]) / (sums.alpha2 + beside);
    cues.apart = std::max(cues.apart, std::abs(own - nearby.offset[c]));
    estimate.offset[c] = std::clamp(base + fitted, 0.0F, 255.0F) - base;
    cues.contrast = std::max(cues.contrast, std::abs(estimate.offset[c]) / 255.0F);
    if (base + fitted < kExtreme || base + fitted > 255.0F - kExtreme) cues.extreme += 1.0F / 3.0F;
  }
  cues.information = sums.alpha2;
  cues.nearby = nearby.information;
  cues.weight = sums.weight;
  cues.room = sums.room / sums.weight;
  cues.alpha = static_cast<float>(sums.most_alpha) / 255.0F;
  cues.mean_alpha = sums.alpha2 / sums.alpha;
  cues.misfit = std::sqrt(std::max(0.0F, sums.offset2 - explained) / (3.0F * sums.weight));
  cues.frames = static_cast<float>(sums.frames);
  cues.span_s = static_cast<float>(sums.last - sums.first) / 10.0F;
  return estimate;
}

}  // namespace peekproof::attacks
