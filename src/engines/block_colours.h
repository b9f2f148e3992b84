// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "engines/block_grid.h"
#include "engines/plate_light.h"

namespace peekproof::engines {

inline constexpr int kBlockArea = kBlockSide * kBlockSide;

/// Blue, green and red of a block's pixels, one after the other, row by row. Cut blocks are filled up with
/// their last pixels.
using BlockColours = std::array<float, 3 * kBlockArea>;

/// What is known of the room in one block, in the plate's light.
struct PlateBlock {
  BlockColours mean;
  std::array<float, kBlockArea> variance;   ///< Of one channel in one frame, in squared steps.
  std::array<float, kBlockArea> deviation;  ///< Of all three together: sqrt(3 variance).
};

/// Blue, green and red of a frame, each on its own.
using ColourPlanes = std::array<cv::Mat1b, 3>;

/// A block of the camera's frame, in the plate's light.
void ReadBlock(const ColourPlanes& camera, const cv::Rect& pixels, const PlateLight& light,
               BlockColours* seen);

/// off = seen - s plate with the s in [least, most] that makes it least: what neither the room nor the room
/// in other light explains.
void TakeRoomOut(const BlockColours& seen, const BlockColours& plate, float least, float most,
                 BlockColours* off);

}  // namespace peekproof::engines
