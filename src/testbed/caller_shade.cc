// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_shade.h"

#include <algorithm>
#include <cmath>

#include "testbed/caller_albedo.h"

namespace peekproof::testbed {
namespace {

constexpr float kNormalStep = 0.0009F;
constexpr int kBlockSide = 2;  // Shadow and occlusion are computed once per block of pixels.
constexpr int kBlocksAcross = kTileSide / kBlockSide;
constexpr int kMaxBlocks = kBlocksAcross * kBlocksAcross;
constexpr Point kFill{0.795395F, 0.159079F, 0.583290F};

using Lane = std::array<float, kTilePixels>;

/// One value per hit, as the distance kernel wants them.
struct SurfaceArrays {
  alignas(64) Lane x, y, z, nx, ny, nz, material, distance;
  Lane occlusion, shadow;
};

struct Shared {
  const CallerRig& rig;
  uint32_t parts;
  int count;
};

/// Normals by forward differences.
void FindNormals(const Shared& shared, SurfaceArrays* s) {
  alignas(64) Lane moved;
  Lane* const coordinates[3] = {&s->x, &s->y, &s->z};
  Lane* const normals[3] = {&s->nx, &s->ny, &s->nz};
  for (int axis = 0; axis < 3; ++axis) {
    for (int i = 0; i < shared.count; ++i) moved[i] = (*coordinates[axis])[i] + kNormalStep;
    const PointArrays points{axis == 0 ? moved.data() : s->x.data(), axis == 1 ? moved.data() : s->y.data(),
                             axis == 2 ? moved.data() : s->z.data(), shared.count};
    CallerDistances(shared.rig, shared.parts, points, normals[axis]->data());
  }
  for (int i = 0; i < shared.count; ++i) {
    const float x = s->nx[i] - s->distance[i];
    const float y = s->ny[i] - s->distance[i];
    const float z = s->nz[i] - s->distance[i];
    const float scale = 1.0F / (std::sqrt(x * x + y * y + z * z) + 1e-12F);
    s->nx[i] = x * scale;
    s->ny[i] = y * scale;
    s->nz[i] = z * scale;
  }
}

/// One representative point per block and what was found for it.
struct Blocks {
  alignas(64) std::array<float, kMaxBlocks + 16> x, y, z, distance, travel, shadow, occlusion;
  std::array<int, kTilePixels> of_hit;
  std::array<int, kMaxBlocks> hit;
  int count = 0;

  explicit Blocks(const TileHits& hits) {
    std::array<int, kMaxBlocks> number;
    number.fill(-1);
    for (int i = 0; i < hits.count; ++i) {
      const int cell =
          hits.y[i] % kTileSide / kBlockSide * kBlocksAcross + hits.x[i] % kTileSide / kBlockSide;
      if (number[cell] < 0) {
        number[cell] = count;
        hit[count++] = i;
      } else if (hits.alpha[i] > hits.alpha[hit[number[cell]]]) {
        hit[number[cell]] = i;
      }
      of_hit[i] = number[cell];
    }
    x.fill(0);
    y.fill(0);
    z.fill(0);
  }
  PointArrays Points() const { return {x.data(), y.data(), z.data(), count}; }
  void PlaceAlongNormal(const SurfaceArrays& s, float height) {
    for (int b = 0; b < count; ++b) {
      const int i = hit[b];
      x[b] = s.x[i] + s.nx[i] * height;
      y[b] = s.y[i] + s.ny[i] * height;
      z[b] = s.z[i] + s.nz[i] * height;
    }
  }
};

void FindOcclusion(const CallerRig& rig, const SurfaceArrays& s, Blocks* blocks) {
  constexpr float kTaps[3] = {0.012F, 0.035F, 0.080F};
  constexpr float kWeights[3] = {0.40F, 0.38F, 0.32F};
  blocks->occlusion.fill(0);
  for (int tap = 0; tap < 3; ++tap) {
    blocks->PlaceAlongNormal(s, kTaps[tap]);
    CallerDistances(rig, kAllParts, blocks->Points(), blocks->distance.data());
    for (int b = 0; b < blocks->count; ++b) {
      const float closed = std::clamp(1.0F - blocks->distance[b] / kTaps[tap], 0.0F, 1.0F);
      blocks->occlusion[b] += kWeights[tap] * closed;
    }
  }
}

/// Soft shadow of the key light: the narrowest pass beside the way to it (Quilez).
void FindShadow(const CallerRig& rig, const SurfaceArrays& s, Blocks* blocks) {
  constexpr int kSteps = 12;
  constexpr float kHardness = 5.0F;
  blocks->shadow.fill(1.0F);
  blocks->travel.fill(0.015F);
  for (int step = 0; step < kSteps; ++step) {
    for (int b = 0; b < blocks->count; ++b) {
      const int i = blocks->hit[b];
      blocks->x[b] = s.x[i] + s.nx[i] * 0.006F + kKeyLight.x * blocks->travel[b];
      blocks->y[b] = s.y[i] + s.ny[i] * 0.006F + kKeyLight.y * blocks->travel[b];
      blocks->z[b] = s.z[i] + s.nz[i] * 0.006F + kKeyLight.z * blocks->travel[b];
    }
    CallerDistances(rig, kAllParts, blocks->Points(), blocks->distance.data());
    for (int b = 0; b < blocks->count; ++b) {
      const float open = kHardness * blocks->distance[b] / blocks->travel[b];
      blocks->shadow[b] = std::min(blocks->shadow[b], open);
      blocks->travel[b] += std::clamp(blocks->distance[b], 0.012F, 0.07F);
    }
  }
  for (int b = 0; b < blocks->count; ++b) {
    const float open = std::clamp(blocks->shadow[b], 0.0F, 1.0F);
    blocks->shadow[b] = open * open * (3.0F - 2.0F * open);
  }
}

Point Normalised(Point a) {
  const float scale = 1.0F / std::sqrt(Dot(a, a) + 1e-12F);
  return {a.x * scale, a.y * scale, a.z * scale};
}

/// x^n for whole n > 0, without the library's slow exact power.
float Power(float x, int n) {
  float result = 1.0F;
  for (; n > 0; n >>= 1, x *= x)
    if ((n & 1) != 0) result *= x;
  return result;
}

float Wrapped(float cosine, float wrap) { return std::max(0.0F, (cosine + wrap) / (1.0F + wrap)); }

/// What the light needs to know of a surface point.
struct SurfacePoint {
  Material material;
  Point normal;
  Point to_camera;
  Point strand;  ///< Direction of the hair, in camera coordinates.
  float open;    ///< 1 minus occlusion.
  float lit;     ///< 1 minus shadow.
};

float Sheen(const SurfacePoint& p) {
  const Point half =
      Normalised({kKeyLight.x + p.to_camera.x, kKeyLight.y + p.to_camera.y, kKeyLight.z + p.to_camera.z});
  if (p.material == Material::kHair) {
    const float along = Dot(p.strand, half);
    return 0.10F * Power(std::max(0.0F, 1.0F - along * along), 14) * p.lit * p.open;
  }
  const float facing = std::max(0.0F, Dot(p.normal, half));
  switch (p.material) {
    case Material::kCloth:
      return 0.015F * Power(facing, 6) * p.lit;
    case Material::kGlasses:
      return 0.40F * Power(facing, 30) * p.lit;
    default:
      return 0.10F * Power(facing, 14) * p.lit * p.open;
  }
}

/// Reflected light: red, green, blue.
LinearColour Light(const SurfacePoint& p, const LinearColour& albedo) {
  constexpr float kKeyColour[3] = {1.12F, 1.05F, 0.95F};
  constexpr float kFillColour[3] = {0.26F, 0.29F, 0.34F};
  constexpr float kAmbient[3] = {0.26F, 0.27F, 0.29F};
  constexpr float kRim[3] = {0.20F, 0.22F, 0.25F};
  const bool skin = p.material == Material::kSkin || p.material == Material::kHand;
  const float key = Dot(p.normal, kKeyLight);
  const float fill = Wrapped(Dot(p.normal, kFill), 0.2F);
  const float sky = 0.45F + 0.75F * (0.5F + 0.5F * p.normal.y);
  const float front = 0.16F * std::max(0.0F, p.normal.z);
  const float facing = std::clamp(Dot(p.normal, p.to_camera), 0.0F, 1.0F);
  const float rim = 0.28F * Power(1.0F - facing, 4) * p.open;
  const float sheen = Sheen(p);
  LinearColour out;
  for (int c = 0; c < 3; ++c) {
    // Light that wanders under the skin comes out red: softer terminator, redder shadows.
    const float wrap = !skin ? 0.14F : c == 0 ? 0.48F : c == 1 ? 0.30F : 0.24F;
    const bool warm = skin && c == 0;
    const float lit = warm ? std::sqrt(p.lit) * 0.6F + 0.4F * p.lit : p.lit;
    const float open = warm ? 0.4F * std::sqrt(p.open) + 0.6F * p.open : p.open;
    const float light = kKeyColour[c] * Wrapped(key, wrap) * lit * (0.55F + 0.45F * open) +
                        kFillColour[c] * fill * open + kAmbient[c] * sky * open + front * open;
    out[c] = albedo[c] * light + (sheen + rim * kRim[c]) * (0.4F + 0.6F * p.open);
  }
  return out;
}

SurfacePoint Describe(const CallerRig& rig, const SurfaceArrays& s, const Blocks& blocks, int i) {
  SurfacePoint p;
  p.material = static_cast<Material>(static_cast<int>(s.material[i]));
  p.normal = {s.nx[i], s.ny[i], s.nz[i]};
  p.to_camera = Normalised({-s.x[i], -s.y[i], -s.z[i]});
  const std::array<float, 9>& r = rig.head.rotation;
  // Strands fall along the head's vertical, bent to lie in the surface.
  const Point down{r[3], r[4], r[5]};
  const float across = Dot(down, p.normal);
  p.strand =
      Normalised({down.x - across * p.normal.x, down.y - across * p.normal.y, down.z - across * p.normal.z});
  const int block = blocks.of_hit[i];
  p.open = std::clamp(1.0F - blocks.occlusion[block], 0.12F, 1.0F);
  // Shadows on skin are never black: light comes through from beside.
  const bool skin = p.material == Material::kSkin || p.material == Material::kHand;
  p.lit = skin ? 0.25F + 0.75F * blocks.shadow[block] : blocks.shadow[block];
  return p;
}

}  // namespace

void ShadeTile(const CallerRig& rig, const Pinhole& camera, const TileHits& hits, uint32_t parts,
               cv::Mat4f* premultiplied) {
  if (hits.count == 0) return;
  SurfaceArrays s;
  const int padded = (hits.count + kLanes - 1) / kLanes * kLanes;
  for (int k = 0; k < padded; ++k) {
    const int i = std::min(k, hits.count - 1);
    s.x[k] = camera.DirectionX(static_cast<float>(hits.x[i]) + 0.5F) * hits.depth[i];
    s.y[k] = camera.DirectionY(static_cast<float>(hits.y[i]) + 0.5F) * hits.depth[i];
    s.z[k] = -hits.depth[i];
  }
  const PointArrays points{s.x.data(), s.y.data(), s.z.data(), hits.count};
  CallerMaterials(rig, parts, points, s.distance.data(), s.material.data());
  FindNormals({rig, parts, hits.count}, &s);
  Blocks blocks(hits);
  CallerRig casting = rig;
  casting.look.glasses = false;  // Wires are too thin for shadows that are computed per block.
  FindOcclusion(casting, s, &blocks);
  FindShadow(casting, s, &blocks);
  for (int i = 0; i < hits.count; ++i) {
    const SurfacePoint point = Describe(rig, s, blocks, i);
    const Vec3<float> p{s.x[i], s.y[i], s.z[i]};
    const LinearColour colour =
        Light(point, CallerAlbedo(rig, point.material, rig.head.ToLocal(p), rig.body.ToLocal(p)));
    const float a = hits.alpha[i];
    (*premultiplied)(hits.y[i], hits.x[i]) = {colour[2] * a, colour[1] * a, colour[0] * a, a};
  }
}

}  // namespace peekproof::testbed
