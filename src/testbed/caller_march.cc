// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_march.h"

#include <algorithm>
#include <cmath>

namespace peekproof::testbed {
namespace {

constexpr int kCellSide = 8;
constexpr int kMaxSteps = 160;
constexpr float kStepShare = 0.92F;     // Of the distance: ellipsoids and tapered cones are not exact.
constexpr float kHit = 0.3F;            // Distance at which a ray has arrived, in pixels.
constexpr float kFade = 0.8F;           // Alpha is this minus the distance in pixels at the nearest approach.
constexpr float kSphereMargin = 0.05F;  // Around bounding spheres: width of the widest seam.
constexpr float kBodyReach = 0.42F;     // Nothing lies further in front of or behind the throat.

/// Rays still on their way, packed; positions are scratch for the distance kernel.
struct Rays {
  int count = 0;
  alignas(64) std::array<float, kTilePixels> dx, dy, t, length, best, best_t;
  alignas(64) std::array<float, kTilePixels> px, py, pz, distance;
  std::array<int, kTilePixels> id;

  void Add(float direction_x, float direction_y, float depth, int identity) {
    dx[count] = direction_x;
    dy[count] = direction_y;
    t[count] = depth;
    length[count] = std::sqrt(1.0F + direction_x * direction_x + direction_y * direction_y);
    best[count] = 1e6F;
    best_t[count] = depth;
    id[count++] = identity;
  }
  void Move(int from, int to) {
    dx[to] = dx[from];
    dy[to] = dy[from];
    t[to] = t[from];
    length[to] = length[from];
    best[to] = best[from];
    best_t[to] = best_t[from];
    id[to] = id[from];
  }
};

PEEKPROOF_VECTOR_CLONES
void PlacePoints(const float* dx, const float* dy, const float* t, int count, float* px, float* py,
                 float* pz) {
  for (int i = 0; i < count; ++i) {
    px[i] = dx[i] * t[i];
    py[i] = dy[i] * t[i];
    pz[i] = -t[i];
  }
}

void MeasureRays(const CallerRig& rig, uint32_t parts, Rays* rays) {
  const int padded = (rays->count + kLanes - 1) / kLanes * kLanes;
  for (int i = rays->count; i < padded; ++i) rays->dx[i] = rays->dy[i] = rays->t[i] = 0;
  PlacePoints(rays->dx.data(), rays->dy.data(), rays->t.data(), padded, rays->px.data(), rays->py.data(),
              rays->pz.data());
  CallerDistances(rig, parts, {rays->px.data(), rays->py.data(), rays->pz.data(), rays->count},
                  rays->distance.data());
}

/// Moves cones (one per ray, of radius slope x depth) as far as they are sure to be empty. Cones that pass
/// t_max are dropped; the others' depths go to start[id].
void MarchCones(const CallerRig& rig, uint32_t parts, float slope, float t_max, Rays* rays, float* start) {
  for (int step = 0; step < kMaxSteps && rays->count > 0; ++step) {
    MeasureRays(rig, parts, rays);
    int kept = 0;
    for (int i = 0; i < rays->count; ++i) {
      const float free = rays->distance[i] - slope * rays->t[i];
      const bool arrived = free < 0.1F * slope * rays->t[i] || step + 1 == kMaxSteps;
      if (arrived) start[rays->id[i]] = rays->t[i];
      rays->t[i] += kStepShare * free / (rays->length[i] + slope);
      if (!arrived && rays->t[i] < t_max) rays->Move(i, kept++);
    }
    rays->count = kept;
  }
}

/// Marches pixels' rays; `visit(id, depth, alpha)` is told of each that ends with some alpha.
template <typename Visit>
void MarchPixels(const CallerRig& rig, uint32_t parts, float pixel, float t_max, Rays* rays,
                 const Visit& visit) {
  for (int step = 0; step < kMaxSteps && rays->count > 0; ++step) {
    MeasureRays(rig, parts, rays);
    int kept = 0;
    for (int i = 0; i < rays->count; ++i) {
      const float distance_px = rays->distance[i] / (pixel * rays->t[i]);
      if (distance_px < rays->best[i]) {
        rays->best[i] = distance_px;
        rays->best_t[i] = rays->t[i];
      }
      rays->t[i] += kStepShare * rays->distance[i] / rays->length[i];
      const bool hit = distance_px < kHit;
      if (!hit && rays->t[i] < t_max && step + 1 < kMaxSteps) {
        rays->Move(i, kept++);
      } else if (hit || rays->best[i] < kFade) {
        visit(rays->id[i], rays->best_t[i], hit ? 1.0F : kFade - rays->best[i]);
      }
    }
    rays->count = kept;
  }
}

uint32_t PartsInCone(const CallerRig& rig, float dx, float dy, float slope) {
  const float scale = 1.0F / std::sqrt(1.0F + dx * dx + dy * dy);
  uint32_t parts = 0;
  for (int part = 0; part < kCallerParts; ++part) {
    const BoundingSphere& sphere = rig.bounds[part];
    const Point c = sphere.centre;
    const float along = (c.x * dx + c.y * dy - c.z) * scale;
    const float squared = c.x * c.x + c.y * c.y + c.z * c.z - along * along;
    const float reach = sphere.radius + kSphereMargin + slope * (along + sphere.radius);
    if (squared < reach * reach) parts |= 1U << part;
  }
  return parts;
}

struct TileBox {
  int left, top, right, bottom;
};

/// Depths from which the pixels of each cell have to be marched, by cell; negative where the cell is empty.
std::array<float, 16> StartDepths(const CallerRig& rig, uint32_t parts, const Pinhole& camera,
                                  const TileBox& box, float t_min, float t_max, Rays* rays) {
  constexpr float kHalf = 0.5F * kCellSide;
  std::array<float, 16> start;
  start.fill(-1.0F);
  rays->count = 0;
  for (int y = box.top, row = 0; y < box.bottom; y += kCellSide, ++row) {
    for (int x = box.left, column = 0; x < box.right; x += kCellSide, ++column) {
      rays->Add(camera.DirectionX(static_cast<float>(x) + kHalf),
                camera.DirectionY(static_cast<float>(y) + kHalf), t_min, row * 4 + column);
    }
  }
  // One pixel of margin keeps the antialiased fringe.
  const float slope = (kHalf * 1.4143F + 1.0F) / camera.focal_px;
  MarchCones(rig, parts, slope, t_max, rays, start.data());
  return start;
}

}  // namespace

Pinhole Pinhole::ForSize(int width, int height) {
  constexpr float kTanHalfView = 0.36397023F;  // tan 20 degrees.
  return {width, height, 0.5F * static_cast<float>(height) / kTanHalfView};
}

void TraceTile(const CallerRig& rig, const Pinhole& camera, int left, int top, TileHits* hits,
               uint32_t* parts) {
  hits->count = 0;
  const TileBox box{left, top, std::min(left + kTileSide, camera.width),
                    std::min(top + kTileSide, camera.height)};
  constexpr float kHalf = 0.5F * kTileSide;
  *parts = PartsInCone(rig, camera.DirectionX(static_cast<float>(left) + kHalf),
                       camera.DirectionY(static_cast<float>(top) + kHalf), kHalf * 1.4143F / camera.focal_px);
  if (*parts == 0) return;

  const float t_min = std::max(0.05F, rig.pose.distance - kBodyReach);
  const float t_max = rig.pose.distance + kBodyReach;
  Rays rays;
  const std::array<float, 16> start = StartDepths(rig, *parts, camera, box, t_min, t_max, &rays);
  rays.count = 0;
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const float depth = start[(y - top) / kCellSide * 4 + (x - left) / kCellSide];
      if (depth <= 0) continue;
      rays.Add(camera.DirectionX(static_cast<float>(x) + 0.5F),
               camera.DirectionY(static_cast<float>(y) + 0.5F), depth, (y - top) * kTileSide + x - left);
    }
  }
  MarchPixels(rig, *parts, 1.0F / camera.focal_px, t_max, &rays, [&](int id, float depth, float alpha) {
    hits->x[hits->count] = left + id % kTileSide;
    hits->y[hits->count] = top + id / kTileSide;
    hits->depth[hits->count] = depth;
    hits->alpha[hits->count++] = alpha;
  });
}

}  // namespace peekproof::testbed
