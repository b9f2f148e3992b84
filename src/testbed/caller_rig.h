// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "testbed/caller.h"
#include "testbed/distance_primitives.h"

namespace peekproof::testbed {

/// Turns camera coordinates into those of one limb: local = rotation (p - origin).
struct Frame3 {
  std::array<float, 9> rotation{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< Row-major.
  Point origin;

  template <typename T>
  TESTBED_INLINE Vec3<T> ToLocal(const Vec3<T>& p) const {
    const T x = p.x - origin.x;
    const T y = p.y - origin.y;
    const T z = p.z - origin.z;
    return {x * rotation[0] + y * rotation[1] + z * rotation[2],
            x * rotation[3] + y * rotation[4] + z * rotation[5],
            x * rotation[6] + y * rotation[7] + z * rotation[8]};
  }
  /// The inverse, for one point.
  Point FromLocal(Point local) const;
};

/// Joints of one arm in body coordinates with x pointing outwards (mirrored for the left one).
struct ArmJoints {
  Point shoulder;
  Point elbow;
  Point wrist;
  Frame3 hand_from_body;
  HeldObject held = HeldObject::kNothing;
};

struct BoundingSphere {
  Point centre;
  float radius = 0;
};

/// Parts of the figure that can be left out where they are out of reach.
enum CallerPart : uint32_t { kHeadPart = 1, kTrunkPart = 2, kLeftArmPart = 4, kRightArmPart = 8 };
inline constexpr int kCallerParts = 4;
inline constexpr uint32_t kAllParts = 15;

/// A look in a pose, with everything computed that is the same for all points.
struct CallerRig {
  CallerLook look;
  CallerPose pose;
  Frame3 body;                                      ///< Camera to body; origin at the throat notch.
  Frame3 head;                                      ///< Camera to head; chin at y 0, crown at y 0.23.
  Point neck_top;                                   ///< In body coordinates.
  std::array<ArmJoints, 2> arms;                    ///< Left and right in the picture.
  std::array<BoundingSphere, kCallerParts> bounds;  ///< In camera coordinates, by part.
};

CallerRig MakeRig(const CallerLook& look, const CallerPose& pose);

}  // namespace peekproof::testbed
