// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_rig.h"

#include <algorithm>
#include <cmath>

namespace peekproof::testbed {
namespace {

using Matrix = std::array<float, 9>;

Matrix Multiply(const Matrix& a, const Matrix& b) {
  Matrix product{};
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column)
      for (int k = 0; k < 3; ++k) product[row * 3 + column] += a[row * 3 + k] * b[k * 3 + column];
  return product;
}

Matrix Transposed(const Matrix& m) { return {m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}; }

/// Ry(yaw) Rx(pitch) Rz(roll), local to outer.
Matrix Rotation(float yaw, float pitch, float roll) {
  const float cy = std::cos(yaw);
  const float sy = std::sin(yaw);
  const float cp = std::cos(pitch);
  const float sp = std::sin(pitch);
  const float cr = std::cos(roll);
  const float sr = std::sin(roll);
  const Matrix about_y{cy, 0, sy, 0, 1, 0, -sy, 0, cy};
  const Matrix about_x{1, 0, 0, 0, cp, -sp, 0, sp, cp};
  const Matrix about_z{cr, -sr, 0, sr, cr, 0, 0, 0, 1};
  return Multiply(Multiply(about_y, about_x), about_z);
}

Point Mix(Point a, Point b, float weight) {
  return {a.x + (b.x - a.x) * weight, a.y + (b.y - a.y) * weight, a.z + (b.z - a.z) * weight};
}

float Distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

ArmJoints PlaceArm(const CallerLook& look, float raise, float wave) {
  const float w = look.width;
  ArmJoints arm;
  arm.shoulder = {0.178F * w, -0.072F, -0.035F};
  arm.elbow = Mix({0.235F * w, -0.36F, -0.02F}, {0.255F * w, -0.29F, 0.05F}, raise);
  arm.wrist = Mix({0.15F, -0.50F, 0.12F}, {0.195F + 0.12F * wave, -0.035F, 0.12F}, raise);
  arm.hand_from_body.rotation = Transposed(Rotation(-0.1F, 0.25F, -0.05F - wave));
  arm.hand_from_body.origin = arm.wrist;
  return arm;
}

BoundingSphere ArmBounds(const ArmJoints& arm, const Frame3& body, float side) {
  const Point tip{arm.wrist.x, arm.wrist.y + 0.15F, arm.wrist.z};
  const Point middle = Mix(Mix(arm.shoulder, arm.elbow, 0.5F), tip, 0.45F);
  float reach = 0;
  for (const Point& joint : {arm.shoulder, arm.elbow, arm.wrist, tip})
    reach = std::max(reach, Distance(joint, middle));
  return {body.FromLocal({middle.x * side, middle.y, middle.z}), reach + 0.075F};
}

}  // namespace

Point Frame3::FromLocal(Point local) const {
  const std::array<float, 9>& r = rotation;
  return {origin.x + r[0] * local.x + r[3] * local.y + r[6] * local.z,
          origin.y + r[1] * local.x + r[4] * local.y + r[7] * local.z,
          origin.z + r[2] * local.x + r[5] * local.y + r[8] * local.z};
}

CallerRig MakeRig(const CallerLook& look, const CallerPose& pose) {
  CallerRig rig;
  rig.look = look;
  rig.pose = pose;
  rig.body.rotation = Transposed(Rotation(pose.body_yaw, pose.body_pitch, pose.body_roll));
  rig.body.origin = {pose.x, pose.y - 0.085F, -pose.distance};

  // The head turns about a pivot 4.5 cm above the chin.
  rig.head.rotation =
      Transposed(Rotation(pose.head_yaw, pose.head_pitch, pose.head_roll + 0.4F * pose.body_roll));
  rig.head.origin = rig.body.FromLocal({0, 0.115F, -0.005F});
  rig.head.origin = rig.head.FromLocal({0, -0.045F, 0});

  const Point neck_in_camera = rig.head.FromLocal({0, 0.055F, -0.030F});
  const Vec3<float> neck =
      rig.body.ToLocal(Vec3<float>{neck_in_camera.x, neck_in_camera.y, neck_in_camera.z});
  rig.neck_top = {neck.x, neck.y, neck.z};

  const bool long_hair = look.hair_style == HairStyle::kLong;
  rig.bounds[0] = long_hair ? BoundingSphere{rig.head.FromLocal({0, 0.06F, 0}), 0.235F}
                            : BoundingSphere{rig.head.FromLocal({0, 0.115F, 0}), 0.165F};
  rig.bounds[1] = {rig.body.FromLocal({0, -0.42F, -0.04F}), 0.54F};
  for (int side = 0; side < 2; ++side) {
    rig.arms[side] = PlaceArm(look, pose.arm_raise[side], pose.wave[side]);
    rig.bounds[2 + side] = ArmBounds(rig.arms[side], rig.body, side == 0 ? -1.0F : 1.0F);
  }
  return rig;
}

}  // namespace peekproof::testbed
