// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "engines/block_colours.h"

namespace peekproof::engines {

/// When a pixel agrees with the plate.
struct PlateTolerance {
  float shadow = 0.08F;  ///< The room under up to this much less light is still the room; 0 to 0.9.
  float glow = 0.03F;    ///< The same for more light.
  float doubt = 3;       ///< Deviations of the noise up to which a pixel agrees with the plate.
  float floor = 2.5F;    ///< Steps of 8 bits, Euclidean over BGR, that are added to that.
};

/// Whether all of a block is the room as it is known, each pixel within the noise and all in the mean.
/// Shadows do not count: they are looked at pixel by pixel (SharesOf).
bool IsRoom(const BlockColours& seen, const PlateBlock& known, const PlateTolerance& tolerance);

/// How much of each pixel of a block is the caller.
struct BlockShares {
  std::array<float, kBlockArea> share;     ///< 0 to 1; 0 where the pixel agrees with the plate.
  std::array<float, kBlockArea> contrast;  ///< Between caller and room, in steps.
};

/// The distance between pixel I and room P is |I - s P|, smoothed by 1-2-1 along both axes within the block,
/// with s in [1 - shadow, 1 + glow] chosen to make it least, less what noise explains. The share is that over
/// |F - P|, at least least_contrast, where F is the caller's colour nearby.
///
/// In      caller: F, in the plate's light.
/// Source  The matting equation I = a F + (1 - a) P solved with a known background, as in difference keying;
///         distances instead of projections, since F is a mean of different colours.
BlockShares SharesOf(const BlockColours& seen, const PlateBlock& known, const cv::Vec3f& caller,
                     const PlateTolerance& tolerance, float least_contrast);

}  // namespace peekproof::engines
