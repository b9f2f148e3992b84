// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/caller_rig.h"

// Distances to the head's solids, in head coordinates (metres; chin y 0, crown y 0.23, nose towards +z).

namespace peekproof::testbed {

/// Nose, lips, brows, eye sockets and cheeks, blended into the plain head `d`. `m` has x mirrored to >= 0.
template <typename T>
TESTBED_INLINE T FaceFeatures(const Vec3<T>& q, const Vec3<T>& m, T d, float mouth) {
  d = SmoothMin(d, Sphere(m, {0.040F, 0.088F, 0.055F}, 0.026F), 0.02F);
  d = SmoothMax(d, -Sphere(m, {0.032F, 0.117F, 0.104F}, 0.016F), 0.018F);
  d = SmoothMin(d, Ellipsoid(q, {0, 0.139F, 0.072F}, {0.05F, 0.010F, 0.018F}), 0.02F);
  d = SmoothMin(d, Cone(q, {0, 0.118F, 0.090F}, {0, 0.077F, 0.108F}, 0.0075F, 0.0115F), 0.012F);
  d = SmoothMin(d, Sphere(m, {0.0115F, 0.072F, 0.096F}, 0.0085F), 0.008F);
  d = SmoothMin(d, Ellipsoid(q, {0, 0.0535F, 0.082F}, {0.024F, 0.0055F, 0.009F}), 0.007F);
  const float lower_lip = 0.0425F - 0.010F * mouth;
  d = SmoothMin(d, Ellipsoid(q, {0, lower_lip, 0.081F}, {0.020F, 0.0065F, 0.009F}), 0.007F);
  return Min(d, Sphere(m, {0.032F, 0.1145F, 0.0775F}, 0.0125F));
}

/// Skull, jaw, ears and, near the front, the face.
template <typename T>
TESTBED_INLINE T HeadDistance(const Vec3<T>& q, float mouth) {
  const Vec3<T> m{Abs(q.x), q.y, q.z};
  T d = Ellipsoid(q, {0, 0.142F, -0.012F}, {0.075F, 0.087F, 0.096F});
  d = SmoothMin(d, Ellipsoid(q, {0, 0.095F, 0.022F}, {0.063F, 0.085F, 0.070F}), 0.03F);
  const float drop = 0.006F * mouth;
  d = SmoothMin(d, Ellipsoid(q, {0, 0.046F - drop, 0.028F}, {0.050F, 0.044F, 0.053F}), 0.03F);
  d = SmoothMin(d, Sphere(q, {0, 0.017F - drop, 0.064F}, 0.017F), 0.03F);
  d = SmoothMin(d, Ellipsoid(m, {0.079F, 0.103F, -0.008F}, {0.008F, 0.031F, 0.018F}), 0.012F);
  const auto front = q.z > 0.0F;
  const auto near_face = front & (d < 0.06F);
  // Features reach at most 3.5 cm out of the plain head, so further off that bound will do.
  T result = Select(front, d - 0.035F, d);
  if (Any(near_face)) result = Select(near_face, FaceFeatures(q, m, d, mouth), result);
  return result;
}

template <typename T>
TESTBED_INLINE T HairStrands(const Vec3<T>& q, bool curly) {
  if (curly) {
    return ValueNoise(q.x * 75.0F, q.y * 75.0F, q.z * 75.0F) * 0.0075F +
           ValueNoise(q.x * 170.0F, q.y * 170.0F, q.z * 170.0F) * 0.0035F;
  }
  return ValueNoise(q.x * 85.0F, q.y * 14.0F, q.z * 85.0F) * 0.0026F +
         ValueNoise(q.x * 260.0F, q.y * 30.0F, q.z * 260.0F) * 0.0010F;
}

/// Height of a beanie's rim: over the brows in front, lower behind.
template <typename T>
TESTBED_INLINE T BeanieRim(const Vec3<T>& q) {
  return q.z * 0.25F + 0.128F;
}

/// A knitted cap over the hair, with its rim rolled up.
template <typename T>
TESTBED_INLINE T BeanieDistance(const Vec3<T>& q) {
  const T over_rim = q.y - BeanieRim(q);
  const T cap = Ellipsoid(q, {0, 0.158F, -0.018F}, {0.093F, 0.113F, 0.115F});
  const T roll = SmoothMax(cap - 0.007F, Abs(over_rim - 0.018F) - 0.018F, 0.008F);
  return SmoothMin(SmoothMax(cap, -over_rim, 0.006F), roll, 0.006F);
}

/// Hair that covers the skull without hanging down: short, curly, tied up in a bun, or under a beanie.
template <typename T>
TESTBED_INLINE T UpperHair(const Vec3<T>& q, T d) {
  const T cut = 0.052F + 0.035F * Saturate(q.z * 18.0F) - q.y;
  d = SmoothMax(d, cut, 0.012F);
  return SmoothMax(d, -Ellipsoid(q, {0, 0.085F, 0.03F}, {0.2F, 0.035F, 0.035F}), 0.012F);
}

/// How far the solid hair stands off the skull.
inline float HairThickness(HairStyle style) {
  if (style == HairStyle::kLong) return 0.017F;
  if (style == HairStyle::kCurly) return 0.024F;
  return style == HairStyle::kBun ? 0.010F : 0.013F;
}

template <typename T>
TESTBED_INLINE T HairDistance(const Vec3<T>& q, HairStyle style) {
  if (style == HairStyle::kBald) return Splat<T>(1000.0F);
  const Vec3<T> m{Abs(q.x), q.y, q.z};
  const bool is_long = style == HairStyle::kLong;
  const float out = HairThickness(style);
  T d = Ellipsoid(q, {0, 0.148F, -0.018F}, {0.077F + out, 0.086F + out, 0.098F + out});
  if (is_long) {
    d = SmoothMin(d, Ellipsoid(q, {0, 0.05F, -0.05F}, {0.100F, 0.17F, 0.062F}), 0.03F);
    d = SmoothMin(d, Cone(m, {0.074F, 0.13F, -0.005F}, {0.096F, -0.085F, 0.012F}, 0.026F, 0.022F), 0.02F);
    d = SmoothMax(d, -Ellipsoid(m, {0.02F, -0.02F, 0.10F}, {0.068F, 0.15F, 0.10F}), 0.012F);
  } else {
    d = UpperHair(q, d);
  }
  const float opening = style == HairStyle::kShort ? 0.120F : 0.110F;
  d = SmoothMax(d, -Ellipsoid(q, {0, 0.072F, 0.112F}, {0.110F, opening, 0.086F}), 0.012F);
  if (style == HairStyle::kBun) d = SmoothMin(d, Sphere(q, {0, 0.268F, -0.035F}, 0.042F), 0.010F);
  if (style == HairStyle::kBeanie) d = Min(d, BeanieDistance(q));
  const auto close = d < 0.03F;
  // Strands reach 1.1 cm at most.
  T result = d - 0.011F;
  if (Any(close)) result = Select(close, d - HairStrands(q, style == HairStyle::kCurly), result);
  return result;
}

/// Two rounded-rectangle rims, a bridge and temples of wire.
template <typename T>
TESTBED_INLINE T GlassesDistance(const Vec3<T>& q) {
  const Vec3<T> m{Abs(q.x), q.y, q.z};
  const T zero = Splat<T>(0.0F);
  const T x = Abs(m.x - 0.034F) - 0.013F;
  const T y = Abs(m.y - 0.113F) - 0.008F;
  const T corner = Length(Max(x, zero), Max(y, zero), zero);
  const T ring = corner + Min(Max(x, y), zero) - 0.012F;
  const T plane = m.z - 0.104F + 0.16F * (m.x - 0.012F);
  T d = Sqrt(ring * ring + plane * plane) - 0.0016F;
  d = Min(d, Cone(m, {0, 0.1195F, 0.1080F}, {0.0100F, 0.118F, 0.1045F}, 0.0016F, 0.0016F));
  return Min(d, Cone(m, {0.058F, 0.118F, 0.0965F}, {0.083F, 0.112F, -0.005F}, 0.0017F, 0.0017F));
}

}  // namespace peekproof::testbed
