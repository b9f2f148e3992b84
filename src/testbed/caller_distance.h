// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "testbed/caller_rig.h"

namespace peekproof::testbed {

/// What a point of the surface is made of.
enum class Material : uint8_t { kSkin, kHair, kCloth, kHand, kGlasses, kHeld };

/// Points as separate coordinate arrays, in camera coordinates; the arrays can be read up to the next
/// multiple of kLanes.
struct PointArrays {
  const float* x;
  const float* y;
  const float* z;
  int count;
};

/// Distance of each point to the parts named in `parts` (CallerPart bits), in metres; 1000 where there is
/// none. Writes up to the next multiple of kLanes.
void CallerDistances(const CallerRig& rig, uint32_t parts, const PointArrays& points, float* distances);

/// The same, and which material is nearest, as the number of the enumerator.
void CallerMaterials(const CallerRig& rig, uint32_t parts, const PointArrays& points, float* distances,
                     float* materials);

/// The distance at one point by plain scalar arithmetic: the twin of CallerDistances.
float CallerDistanceAt(const CallerRig& rig, uint32_t parts, Point point);

}  // namespace peekproof::testbed
