// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_distance.h"

#include "testbed/caller_body.h"
#include "testbed/caller_head.h"

namespace peekproof::testbed {
namespace {

constexpr float kFarAway = 1000.0F;

template <typename T>
struct MaterialDistances {
  T skin = Splat<T>(kFarAway);
  T hair = Splat<T>(kFarAway);
  T cloth = Splat<T>(kFarAway);
  T hand = Splat<T>(kFarAway);
  T glasses = Splat<T>(kFarAway);
  T held = Splat<T>(kFarAway);
};

template <typename T>
TESTBED_INLINE void AddArm(const CallerRig& rig, int side, const Vec3<T>& b, MaterialDistances<T>* out) {
  const float sign = side == 0 ? -1.0F : 1.0F;
  const bool tee = rig.look.clothes_style == ClothesStyle::kTee;
  const ArmDistances<T> arm = ArmDistance(Vec3<T>{b.x * sign, b.y, b.z}, rig.arms[side], tee);
  out->cloth = SmoothMin(out->cloth, arm.sleeve, 0.035F);
  out->hand = Min(out->hand, arm.skin);
  out->held = Min(out->held, arm.held);
}

template <typename T>
TESTBED_INLINE MaterialDistances<T> Measure(const CallerRig& rig, uint32_t parts, const Vec3<T>& p) {
  MaterialDistances<T> out;
  const Vec3<T> b = rig.body.ToLocal(p);
  if ((parts & kTrunkPart) != 0) {
    const T torso = TorsoDistance(b, rig.look.width);
    out.skin = torso;
    out.cloth = GarmentDistance(b, torso, rig.look.clothes_style);
  }
  if ((parts & kLeftArmPart) != 0) AddArm(rig, 0, b, &out);
  if ((parts & kRightArmPart) != 0) AddArm(rig, 1, b, &out);
  // Folds reach 7.3 mm at most.
  const T plain_cloth = out.cloth;
  const auto near_cloth = plain_cloth < 0.03F;
  out.cloth = plain_cloth - 0.0073F;
  if (Any(near_cloth)) out.cloth = Select(near_cloth, plain_cloth - ClothFolds(b), out.cloth);
  if ((parts & kHeadPart) != 0) {
    const Vec3<T> q = rig.head.ToLocal(p);
    const T neck = Cone(b, rig.neck_top, {0, -0.04F, -0.045F}, 0.052F, 0.060F);
    const T head = SmoothMin(HeadDistance(q, rig.pose.mouth), neck, 0.025F);
    out.skin = Min(SmoothMin(out.skin, neck, 0.03F), head);
    out.hair = HairDistance(q, rig.look.hair_style);
    if (rig.look.glasses) out.glasses = GlassesDistance(q);
  }
  return out;
}

template <typename T>
TESTBED_INLINE T Nearest(const MaterialDistances<T>& d) {
  return Min(Min(Min(d.skin, d.hair), Min(d.cloth, d.hand)), Min(d.glasses, d.held));
}

template <typename T>
TESTBED_INLINE T NearestMaterial(const MaterialDistances<T>& d) {
  T best = d.skin;
  T material = Splat<T>(static_cast<float>(Material::kSkin));
  const auto consider = [&](T distance, Material candidate) __attribute__((always_inline)) {
    material = Select(distance < best, Splat<T>(static_cast<float>(candidate)), material);
    best = Min(best, distance);
  };
  consider(d.hair, Material::kHair);
  consider(d.cloth, Material::kCloth);
  consider(d.hand, Material::kHand);
  consider(d.glasses, Material::kGlasses);
  consider(d.held, Material::kHeld);
  return material;
}

TESTBED_INLINE Vec3<FloatLanes> LoadLanes(const PointArrays& points, int i) {
  Vec3<FloatLanes> p;
  std::memcpy(&p.x, points.x + i, sizeof p.x);
  std::memcpy(&p.y, points.y + i, sizeof p.y);
  std::memcpy(&p.z, points.z + i, sizeof p.z);
  return p;
}

}  // namespace

PEEKPROOF_VECTOR_CLONES
void CallerDistances(const CallerRig& rig, uint32_t parts, const PointArrays& points, float* distances) {
  for (int i = 0; i < points.count; i += kLanes) {
    const FloatLanes d = Nearest(Measure(rig, parts, LoadLanes(points, i)));
    std::memcpy(distances + i, &d, sizeof d);
  }
}

PEEKPROOF_VECTOR_CLONES
void CallerMaterials(const CallerRig& rig, uint32_t parts, const PointArrays& points, float* distances,
                     float* materials) {
  for (int i = 0; i < points.count; i += kLanes) {
    const MaterialDistances<FloatLanes> measured = Measure(rig, parts, LoadLanes(points, i));
    const FloatLanes d = Nearest(measured);
    const FloatLanes material = NearestMaterial(measured);
    std::memcpy(distances + i, &d, sizeof d);
    std::memcpy(materials + i, &material, sizeof material);
  }
}

float CallerDistanceAt(const CallerRig& rig, uint32_t parts, Point point) {
  return Nearest(Measure(rig, parts, Vec3<float>{point.x, point.y, point.z}));
}

}  // namespace peekproof::testbed
