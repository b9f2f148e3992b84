// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/lanes.h"

// Signed distances (metres, negative inside) of simple solids and ways to join them, over one point or a
// lane's worth. The formulas are the well-known ones collected by Inigo Quilez; ellipsoids are first-order
// approximations, so marchers step a little short of the distance.

namespace peekproof::testbed {

struct Point {
  float x = 0;
  float y = 0;
  float z = 0;
};

inline float Dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

/// Union, rounded over a seam of width k.
template <typename T>
TESTBED_INLINE T SmoothMin(T a, T b, float k) {
  const T h = Max(Splat<T>(0.0F), k - Abs(a - b)) * (1.0F / k);
  return Min(a, b) - h * h * (k * 0.25F);
}

/// Intersection, rounded.
template <typename T>
TESTBED_INLINE T SmoothMax(T a, T b, float k) {
  return -SmoothMin(-a, -b, k);
}

template <typename T>
TESTBED_INLINE T Sphere(const Vec3<T>& p, Point centre, float radius) {
  return Length(p.x - centre.x, p.y - centre.y, p.z - centre.z) - radius;
}

template <typename T>
TESTBED_INLINE T Ellipsoid(const Vec3<T>& p, Point centre, Point radii) {
  const T x = (p.x - centre.x) * (1.0F / radii.x);
  const T y = (p.y - centre.y) * (1.0F / radii.y);
  const T z = (p.z - centre.z) * (1.0F / radii.z);
  const T scaled = Length(x, y, z);
  const T gradient = Length(x * (1.0F / radii.x), y * (1.0F / radii.y), z * (1.0F / radii.z));
  return scaled * (scaled - 1.0F) / (gradient + 1e-6F);
}

/// A capsule from a to b whose radius goes from radius_a to radius_b.
template <typename T>
TESTBED_INLINE T Cone(const Vec3<T>& p, Point a, Point b, float radius_a, float radius_b) {
  const Point axis{b.x - a.x, b.y - a.y, b.z - a.z};
  const float scale = 1.0F / (axis.x * axis.x + axis.y * axis.y + axis.z * axis.z);
  const T x = p.x - a.x;
  const T y = p.y - a.y;
  const T z = p.z - a.z;
  const T along = Saturate((x * axis.x + y * axis.y + z * axis.z) * scale);
  return Length(x - along * axis.x, y - along * axis.y, z - along * axis.z) -
         (radius_a + along * (radius_b - radius_a));
}

/// A box with half sizes `half`, grown by `round`.
template <typename T>
TESTBED_INLINE T RoundBox(const Vec3<T>& p, Point centre, Point half, float round) {
  const T zero = Splat<T>(0.0F);
  const T x = Abs(p.x - centre.x) - half.x;
  const T y = Abs(p.y - centre.y) - half.y;
  const T z = Abs(p.z - centre.z) - half.z;
  const T outside = Length(Max(x, zero), Max(y, zero), Max(z, zero));
  return outside + Min(Max(x, Max(y, z)), zero) - round;
}

/// A torus around the y axis.
template <typename T>
TESTBED_INLINE T Torus(const Vec3<T>& p, float ring_radius, float tube_radius) {
  const T ring = Sqrt(p.x * p.x + p.z * p.z) - ring_radius;
  return Sqrt(ring * ring + p.y * p.y) - tube_radius;
}

template <typename T>
TESTBED_INLINE T LatticeValue(typename LaneTraits<T>::Unsigned x, typename LaneTraits<T>::Unsigned y,
                              typename LaneTraits<T>::Unsigned z) {
  auto hash = x * 0x8DA6B343U + y * 0xD8163841U + z * 0xCB1AB31FU;
  hash = (hash ^ (hash >> 15)) * 0x2C1B3C6DU;
  hash = hash ^ (hash >> 13);
  return ToFloat(hash & 0xFFFFU) * (2.0F / 65535.0F) - 1.0F;
}

/// Value noise in [-1, 1] with one lattice cell per unit.
template <typename T>
TESTBED_INLINE T ValueNoise(T x, T y, T z) {
  const T floor_x = Floor(x);
  const T floor_y = Floor(y);
  const T floor_z = Floor(z);
  T fx = x - floor_x;
  T fy = y - floor_y;
  T fz = z - floor_z;
  fx = fx * fx * (3.0F - 2.0F * fx);
  fy = fy * fy * (3.0F - 2.0F * fy);
  fz = fz * fz * (3.0F - 2.0F * fz);
  const auto ix = ToUnsigned(floor_x);
  const auto iy = ToUnsigned(floor_y);
  const auto iz = ToUnsigned(floor_z);
  const auto row = [&](auto cell_y, auto cell_z) __attribute__((always_inline)) {
    const T a = LatticeValue<T>(ix, cell_y, cell_z);
    return a + (LatticeValue<T>(ix + 1U, cell_y, cell_z) - a) * fx;
  };
  const T near_low = row(iy, iz);
  const T near_value = near_low + (row(iy + 1U, iz) - near_low) * fy;
  const T far_low = row(iy, iz + 1U);
  const T far_value = far_low + (row(iy + 1U, iz + 1U) - far_low) * fy;
  return near_value + (far_value - near_value) * fz;
}

}  // namespace peekproof::testbed
