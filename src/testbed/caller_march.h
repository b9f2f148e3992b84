// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "testbed/caller_distance.h"

namespace peekproof::testbed {

inline constexpr int kTileSide = 32;
inline constexpr int kTilePixels = kTileSide * kTileSide;

/// Pinhole camera at the origin, looking along -z. Depth t along a pixel's ray is the point
/// (direction_x(px) t, direction_y(py) t, -t).
struct Pinhole {
  int width;
  int height;
  float focal_px;

  static Pinhole ForSize(int width, int height);
  float DirectionX(float x_px) const { return (x_px - 0.5F * static_cast<float>(width)) / focal_px; }
  float DirectionY(float y_px) const { return (0.5F * static_cast<float>(height) - y_px) / focal_px; }
};

/// Pixels of one tile that show the caller.
struct TileHits {
  int count = 0;
  std::array<int, kTilePixels> x;  ///< In the picture.
  std::array<int, kTilePixels> y;
  std::array<float, kTilePixels> depth;  ///< Of the surface, or of the ray's nearest approach to it.
  std::array<float, kTilePixels> alpha;  ///< In (0, 1].
};

/// Traces the pixels of the tile whose corner is (left, top), at most kTileSide wide and high.
/// Out  parts: those that can touch the tile; 0 where none does, and then hits is empty.
void TraceTile(const CallerRig& rig, const Pinhole& camera, int left, int top, TileHits* hits,
               uint32_t* parts);

}  // namespace peekproof::testbed
