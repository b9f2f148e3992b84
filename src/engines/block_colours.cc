// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/block_colours.h"

#include <algorithm>
#include <cstdint>

#include "base/simd.h"

namespace peekproof::engines {
namespace {

PEEKPROOF_VECTOR_CLONES void Relight(const uint8_t* pixels, ptrdiff_t stride, float scale, float offset,
                                     float* seen) {
  for (int y = 0; y < kBlockSide; ++y) {
    const uint8_t* row = pixels + y * stride;
    for (int x = 0; x < kBlockSide; ++x)
      seen[y * kBlockSide + x] = (static_cast<float>(row[x]) - offset) * scale;
  }
}

PEEKPROOF_VECTOR_CLONES void TakeOut(const float* seen, const float* plate, float least, float most,
                                     float* off) {
  for (int i = 0; i < kBlockArea; ++i) {
    const float dot = seen[i] * plate[i] + seen[kBlockArea + i] * plate[kBlockArea + i] +
                      seen[2 * kBlockArea + i] * plate[2 * kBlockArea + i];
    const float square = plate[i] * plate[i] + plate[kBlockArea + i] * plate[kBlockArea + i] +
                         plate[2 * kBlockArea + i] * plate[2 * kBlockArea + i];
    const float s = std::min(most, std::max(least, dot / (square + 1.0F)));
    off[i] = seen[i] - s * plate[i];
    off[kBlockArea + i] = seen[kBlockArea + i] - s * plate[kBlockArea + i];
    off[2 * kBlockArea + i] = seen[2 * kBlockArea + i] - s * plate[2 * kBlockArea + i];
  }
}

/// The block's pixels, filled up, in a buffer of their own.
void FillUp(const cv::Mat1b& plane, const cv::Rect& pixels, uint8_t* whole) {
  for (int y = 0; y < kBlockSide; ++y)
    for (int x = 0; x < kBlockSide; ++x)
      whole[y * kBlockSide + x] =
          plane(pixels.y + std::min(y, pixels.height - 1), pixels.x + std::min(x, pixels.width - 1));
}

}  // namespace

void ReadBlock(const ColourPlanes& camera, const cv::Rect& pixels, const PlateLight& light,
               BlockColours* seen) {
  for (int c = 0; c < 3; ++c) {
    float* to = seen->data() + c * kBlockArea;
    if (pixels.area() == kBlockArea) {
      Relight(camera[c][pixels.y] + pixels.x, static_cast<ptrdiff_t>(camera[c].step), 1 / light.gain[c],
              light.offset[c], to);
      continue;
    }
    std::array<uint8_t, kBlockArea> whole;
    FillUp(camera[c], pixels, whole.data());
    Relight(whole.data(), kBlockSide, 1 / light.gain[c], light.offset[c], to);
  }
}

void TakeRoomOut(const BlockColours& seen, const BlockColours& plate, float least, float most,
                 BlockColours* off) {
  TakeOut(seen.data(), plate.data(), least, most, off->data());
}

}  // namespace peekproof::engines
