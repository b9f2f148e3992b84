// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/plate_decision.h"

#include <algorithm>
#include <cmath>

#include "base/simd.h"

namespace peekproof::engines {
namespace {

constexpr int kSide = kBlockSide;
constexpr int kArea = kBlockArea;
/// Share of the noise's deviation that smoothing by 1-2-1 along both axes leaves.
constexpr float kSmoothed = 6.0F / 16;

/// Number of pixels beyond the tolerance; sums gets the deviations' sum per channel.
PEEKPROOF_VECTOR_CLONES int CountBeyond(const float* seen, const float* mean, const float* deviation,
                                        float doubt, float floor, float* sums) {
  int beyond = 0;
  for (int i = 0; i < kArea; ++i) {
    const float b = seen[i] - mean[i];
    const float g = seen[kArea + i] - mean[kArea + i];
    const float r = seen[2 * kArea + i] - mean[2 * kArea + i];
    const float limit = doubt * deviation[i] + floor;
    beyond += b * b + g * g + r * r > limit * limit ? 1 : 0;
  }
  for (int c = 0; c < 3; ++c) {
    float sum = 0;
    for (int i = 0; i < kArea; ++i) sum += seen[c * kArea + i] - mean[c * kArea + i];
    sums[c] = sum;
  }
  return beyond;
}

/// 1-2-1 along both axes, the block's edge replicated.
PEEKPROOF_VECTOR_CLONES void SmoothBlock(float* values) {
  float columns[kArea];
  for (int y = 0; y < kSide; ++y) {
    const float* above = values + std::max(0, y - 1) * kSide;
    const float* row = values + y * kSide;
    const float* below = values + std::min(kSide - 1, y + 1) * kSide;
    for (int x = 0; x < kSide; ++x) columns[y * kSide + x] = 0.25F * (above[x] + 2 * row[x] + below[x]);
  }
  for (int y = 0; y < kSide; ++y) {
    const float* row = columns + y * kSide;
    float* to = values + y * kSide;
    to[0] = 0.25F * (3 * row[0] + row[1]);
    for (int x = 1; x + 1 < kSide; ++x) to[x] = 0.25F * (row[x - 1] + 2 * row[x] + row[x + 1]);
    to[kSide - 1] = 0.25F * (row[kSide - 2] + 3 * row[kSide - 1]);
  }
}

PEEKPROOF_VECTOR_CLONES void FindShares(const float* off, const float* plate, const float* deviation,
                                        const float* caller, const PlateTolerance& tolerance, float least,
                                        float* share, float* contrast) {
  for (int i = 0; i < kArea; ++i) {
    const float b = caller[0] - plate[i];
    const float g = caller[1] - plate[kArea + i];
    const float r = caller[2] - plate[2 * kArea + i];
    contrast[i] = std::sqrt(b * b + g * g + r * r);
    const float distance = std::sqrt(off[i] * off[i] + off[kArea + i] * off[kArea + i] +
                                     off[2 * kArea + i] * off[2 * kArea + i]);
    const float noise = tolerance.doubt * kSmoothed * deviation[i] + tolerance.floor;
    share[i] = std::min(1.0F, std::max(0.0F, distance - noise) / std::max(least, contrast[i]));
  }
}

}  // namespace

bool IsRoom(const BlockColours& seen, const PlateBlock& known, const PlateTolerance& tolerance) {
  cv::Vec3f sum;
  if (CountBeyond(seen.data(), known.mean.data(), known.deviation.data(), tolerance.doubt, tolerance.floor,
                  sum.val) > 0)
    return false;
  const float limit = tolerance.floor * static_cast<float>(kArea);
  return sum.dot(sum) <= limit * limit;
}

BlockShares SharesOf(const BlockColours& seen, const PlateBlock& known, const cv::Vec3f& caller,
                     const PlateTolerance& tolerance, float least_contrast) {
  BlockColours off;
  TakeRoomOut(seen, known.mean, 1 - tolerance.shadow, 1 + tolerance.glow, &off);
  for (int c = 0; c < 3; ++c) SmoothBlock(off.data() + c * kArea);
  BlockShares shares;
  FindShares(off.data(), known.mean.data(), known.deviation.data(), caller.val, tolerance, least_contrast,
             shares.share.data(), shares.contrast.data());
  return shares;
}

}  // namespace peekproof::engines
