// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/caller_hand.h"
#include "testbed/caller_rig.h"

// Distances to trunk, clothes and arms, in body coordinates (metres; origin at the throat notch, y up).

namespace peekproof::testbed {

template <typename T>
TESTBED_INLINE T TorsoDistance(const Vec3<T>& b, float width) {
  const Vec3<T> m{Abs(b.x), b.y, b.z};
  T d = Ellipsoid(b, {0, -0.30F, -0.035F}, {0.178F * width, 0.34F, 0.122F});
  d = SmoothMin(d, Cone(m, {0, -0.075F, -0.035F}, {0.150F * width, -0.070F, -0.038F}, 0.066F, 0.058F), 0.06F);
  d = SmoothMin(d, Cone(m, {0.03F, 0.035F, -0.045F}, {0.135F * width, -0.035F, -0.042F}, 0.040F, 0.036F),
                0.05F);
  // Reaches far down, so that the frame's bottom edge stays filled.
  return SmoothMin(d, Cone(b, {0, -0.30F, -0.035F}, {0, -0.9F, -0.035F}, 0.15F * width, 0.17F * width),
                   0.06F);
}

/// Wrinkles of the cloth, anchored to the body.
template <typename T>
TESTBED_INLINE T ClothFolds(const Vec3<T>& b) {
  const T coarse = ValueNoise(b.x * 11.0F + b.y * 5.0F, b.y * 8.0F - b.x * 4.0F, b.z * 10.0F);
  const T fine = ValueNoise(b.x * 34.0F, b.y * 30.0F, b.z * 34.0F);
  return 0.0055F * (1.0F - 2.0F * Abs(coarse)) + 0.0018F * fine;
}

/// `torso` grown by the cloth's thickness, with the hole for the neck, and the collar.
template <typename T>
TESTBED_INLINE T GarmentDistance(const Vec3<T>& b, T torso, ClothesStyle style) {
  const bool shirt = style == ClothesStyle::kShirt;
  const bool hoodie = style == ClothesStyle::kHoodie;
  const Point hole = style == ClothesStyle::kTee ? Point{0, 0.055F, 0.035F} : Point{0, 0.05F, 0.02F};
  const float hole_radius = shirt ? 0.076F : hoodie ? 0.085F : 0.100F;
  T d = SmoothMax(torso - 0.007F, -Sphere(b, hole, hole_radius), 0.008F);
  if (shirt) {
    const Vec3<T> tilted{b.x, b.y + 0.35F * b.z - 0.012F, b.z + 0.018F};
    d = SmoothMin(d, Torus(tilted, 0.070F, 0.014F), 0.012F);
  } else if (hoodie) {
    const Vec3<T> tilted{b.x, b.y + 0.30F * b.z - 0.002F, b.z + 0.022F};
    d = SmoothMin(d, Torus(tilted, 0.086F, 0.026F), 0.02F);
  }
  return d;
}

template <typename T>
struct ArmDistances {
  T sleeve;
  T skin;
  T held;
};

/// One arm; b has x pointing outwards. `short_sleeve` ends 13 cm along the upper arm.
template <typename T>
TESTBED_INLINE ArmDistances<T> ArmDistance(const Vec3<T>& b, const ArmJoints& arm, bool short_sleeve) {
  const Vec3<T> hand = arm.hand_from_body.ToLocal(b);
  const Vec3<T> h{-hand.x, hand.y, hand.z};
  T skin = HandDistance(h, arm.held);
  const T held = HeldDistance(h, arm.held);
  const T forearm = Cone(b, arm.elbow, arm.wrist, 0.043F, 0.026F);
  if (!short_sleeve) {
    T sleeve = Cone(b, arm.shoulder, arm.elbow, 0.063F, 0.050F);
    sleeve = SmoothMin(sleeve, Cone(b, arm.elbow, arm.wrist, 0.050F, 0.037F), 0.02F);
    return {sleeve, SmoothMin(skin, forearm, 0.015F), held};
  }
  skin = SmoothMin(skin, forearm, 0.015F);
  skin = SmoothMin(skin, Cone(b, arm.shoulder, arm.elbow, 0.053F, 0.044F), 0.02F);
  const float length =
      Length(arm.elbow.x - arm.shoulder.x, arm.elbow.y - arm.shoulder.y, arm.elbow.z - arm.shoulder.z);
  const float share = 0.13F / length;
  const Point end{arm.shoulder.x + (arm.elbow.x - arm.shoulder.x) * share,
                  arm.shoulder.y + (arm.elbow.y - arm.shoulder.y) * share,
                  arm.shoulder.z + (arm.elbow.z - arm.shoulder.z) * share};
  return {Cone(b, arm.shoulder, end, 0.063F, 0.060F), skin, held};
}

}  // namespace peekproof::testbed
