// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/caller_rig.h"

// Distances to a hand and to what it holds, in hand coordinates: metres, the wrist at the origin, y along the
// fingers, x towards the thumb, z out of the palm.

namespace peekproof::testbed {

/// Palm, four fingers and a thumb.
template <typename T>
TESTBED_INLINE T OpenHand(const Vec3<T>& h) {
  T d = RoundBox(h, {0, 0.052F, 0}, {0.028F, 0.034F, 0.003F}, 0.011F);
  constexpr float kRoots[4] = {-0.028F, -0.0095F, 0.0095F, 0.028F};
  constexpr float kLengths[4] = {0.052F, 0.072F, 0.078F, 0.068F};
  for (int finger = 0; finger < 4; ++finger) {
    const Point root{kRoots[finger], 0.088F, 0};
    const Point tip{kRoots[finger] * 1.5F, 0.088F + kLengths[finger], 0.012F};
    d = SmoothMin(d, Cone(h, root, tip, 0.0095F, 0.0078F), 0.007F);
  }
  return SmoothMin(d, Cone(h, {0.020F, 0.020F, 0.004F}, {0.066F, 0.070F, 0.016F}, 0.015F, 0.0095F), 0.014F);
}

/// A finger or thumb with one bend.
template <typename T>
TESTBED_INLINE T BentFinger(const Vec3<T>& h, Point root, Point bend, Point tip) {
  return Min(Cone(h, root, bend, 0.0110F, 0.0098F), Cone(h, bend, tip, 0.0098F, 0.0085F));
}

/// Fingers closed around a handle that runs along x.
template <typename T>
TESTBED_INLINE T Fist(const Vec3<T>& h) {
  T d = RoundBox(h, {0, 0.045F, 0}, {0.026F, 0.032F, 0.004F}, 0.012F);
  for (const float x : {-0.030F, -0.010F, 0.010F, 0.030F})
    d = SmoothMin(d, BentFinger(h, {x, 0.080F, 0.002F}, {x, 0.092F, 0.032F}, {x, 0.058F, 0.040F}), 0.005F);
  return SmoothMin(
      d, BentFinger(h, {0.022F, 0.020F, 0.006F}, {0.044F, 0.050F, 0.022F}, {0.040F, 0.082F, 0.036F}), 0.010F);
}

/// A palm behind a phone, three fingertips over its edge and the thumb over the other.
template <typename T>
TESTBED_INLINE T PhoneGrip(const Vec3<T>& h) {
  T d = RoundBox(h, {0, 0.052F, 0}, {0.028F, 0.034F, 0.003F}, 0.011F);
  for (const float y : {0.062F, 0.083F, 0.104F})
    d = SmoothMin(
        d, BentFinger(h, {-0.026F, y - 0.006F, 0.004F}, {-0.041F, y, 0.022F}, {-0.031F, y + 0.004F, 0.037F}),
        0.006F);
  return SmoothMin(
      d, BentFinger(h, {0.022F, 0.022F, 0.004F}, {0.044F, 0.060F, 0.022F}, {0.035F, 0.090F, 0.037F}), 0.010F);
}

template <typename T>
TESTBED_INLINE T HandDistance(const Vec3<T>& h, HeldObject held) {
  switch (held) {
    case HeldObject::kMug:
      return Fist(h);
    case HeldObject::kPhone:
      return PhoneGrip(h);
    case HeldObject::kNothing:
    case HeldObject::kPaper:
      break;
  }
  return OpenHand(h);
}

/// A mug, open towards x, with the fist around its handle.
template <typename T>
TESTBED_INLINE T MugDistance(const Vec3<T>& h) {
  constexpr float kCentreY = 0.143F;
  constexpr float kCentreZ = 0.020F;
  const T zero = Splat<T>(0.0F);
  const T y = h.y - kCentreY;
  const T z = h.z - kCentreZ;
  const T radius = Sqrt(y * y + z * z);
  const T side = radius - 0.039F;
  const T end = Abs(h.x - 0.004F) - 0.046F;
  T d = Length(Max(side, zero), Max(end, zero), zero) + Min(Max(side, end), zero) - 0.002F;
  d = Max(d, -Max(radius - 0.0365F, -0.038F - h.x));
  const Vec3<T> around{h.x, h.z - kCentreZ, h.y - 0.098F};
  return Min(d, Torus(around, 0.029F, 0.0055F));
}

/// The thing itself; 1000 where there is none.
template <typename T>
TESTBED_INLINE T HeldDistance(const Vec3<T>& h, HeldObject held) {
  switch (held) {
    case HeldObject::kNothing:
      break;
    case HeldObject::kMug:
      return MugDistance(h);
    case HeldObject::kPhone:
      return RoundBox(h, {0.002F, 0.100F, 0.026F}, {0.031F, 0.071F, 0.0005F}, 0.0040F);
    case HeldObject::kPaper:  // A4, a little hollow so that it stands.
      return RoundBox(Vec3<T>{h.x, h.y, h.z - h.x * h.x * 1.2F}, {0.0F, 0.175F, 0.030F},
                      {0.104F, 0.1475F, 0.0003F}, 0.0010F);
  }
  return Splat<T>(1000.0F);
}

}  // namespace peekproof::testbed
