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

Point Between(Point a, Point b, float weight) {
  return {a.x + (b.x - a.x) * weight, a.y + (b.y - a.y) * weight, a.z + (b.z - a.z) * weight};
}

float Distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

/// Where an arm ends up when it is raised: bent, with the hand in the frame.
struct RaisedPlace {
  Point elbow;
  Point wrist;
  float yaw, pitch, roll;  // Of the hand.
};

RaisedPlace PlaceRaised(HeldObject held, float width, float wave) {
  switch (held) {
    case HeldObject::kNothing:
      break;
    case HeldObject::kMug:  // The back of the fist to the camera, fingers inwards, thumb up.
      return {{0.285F * width, -0.30F, 0.02F}, {0.265F + 0.04F * wave, -0.075F, 0.13F}, 3.14159F, 0, -1.2F};
    case HeldObject::kPhone:
      return {{0.265F * width, -0.31F, 0.03F}, {0.185F + 0.04F * wave, -0.125F, 0.14F}, -0.1F, 0.12F, 0.08F};
    case HeldObject::kPaper:
      return {{0.270F * width, -0.32F, 0.03F}, {0.215F + 0.04F * wave, -0.150F, 0.14F}, -0.1F, 0.08F, 0.03F};
  }
  return {
      {0.255F * width, -0.29F, 0.05F}, {0.195F + 0.12F * wave, -0.035F, 0.12F}, -0.1F, 0.25F, -0.05F - wave};
}

/// Moves a raised arm towards one stretched out sideways.
void Stretch(float amount, float wave, ArmJoints* arm, float* hand_roll) {
  constexpr float kUpperArm = 0.27F;
  constexpr float kForearm = 0.25F;
  const float lift = 0.40F + 0.50F * wave;
  const float bend = lift + 0.5F + 0.35F * wave;
  const Point s = arm->shoulder;
  const Point elbow{s.x + kUpperArm * std::cos(lift), s.y + kUpperArm * std::sin(lift), s.z + 0.04F};
  const Point wrist{elbow.x + kForearm * std::cos(bend), elbow.y + kForearm * std::sin(bend),
                    elbow.z + 0.04F};
  arm->elbow = Between(arm->elbow, elbow, amount);
  arm->wrist = Between(arm->wrist, wrist, amount);
  *hand_roll += (bend - 1.5708F - *hand_roll) * amount;
}

/// Moves an arm that is down towards one that hangs beside a standing body.
void Hang(float amount, ArmJoints* arm, RaisedPlace* hand) {
  arm->elbow = Between(arm->elbow, {arm->elbow.x + 0.015F, -0.355F, -0.045F}, amount);
  arm->wrist = Between(arm->wrist, {arm->elbow.x + 0.005F, -0.605F, 0.005F}, amount);
  hand->yaw += (1.2F - hand->yaw) * amount;
  hand->pitch += (0.0F - hand->pitch) * amount;
  hand->roll += (3.1416F - hand->roll) * amount;
}

ArmJoints PlaceArm(const CallerLook& look, const CallerPose& pose, int side) {
  const float w = look.width;
  const float raise = std::max(0.0F, pose.arm_raise[side]);
  ArmJoints arm;
  arm.held = look.held[side];
  RaisedPlace raised = PlaceRaised(arm.held, w, pose.wave[side]);
  arm.shoulder = {0.178F * w, -0.072F, -0.035F};
  arm.elbow = Between({0.235F * w, -0.36F, -0.02F}, raised.elbow, raise);
  arm.wrist = Between({0.15F, -0.50F, 0.12F}, raised.wrist, raise);
  if (pose.stretch[side] > 0) Stretch(pose.stretch[side], pose.wave[side], &arm, &raised.roll);
  if (pose.arm_raise[side] < 0) Hang(-pose.arm_raise[side], &arm, &raised);
  arm.hand_from_body.rotation = Transposed(Rotation(raised.yaw, raised.pitch, raised.roll));
  arm.hand_from_body.origin = arm.wrist;
  return arm;
}

BoundingSphere ArmBounds(const ArmJoints& arm, const Frame3& body, float side, bool loose) {
  const Point tip{arm.wrist.x, arm.wrist.y + 0.15F, arm.wrist.z};
  const Point middle = Between(Between(arm.shoulder, arm.elbow, 0.5F), tip, 0.45F);
  float reach = 0;
  for (const Point& joint : {arm.shoulder, arm.elbow, arm.wrist, tip})
    reach = std::max(reach, Distance(joint, middle));
  reach += 0.075F;
  // A stretched or hanging hand points elsewhere than up, and a held thing reaches further.
  if (arm.held == HeldObject::kPaper)
    reach = std::max(reach, Distance(arm.wrist, middle) + 0.36F);
  else if (arm.held != HeldObject::kNothing || loose)
    reach = std::max(reach, Distance(arm.wrist, middle) + 0.22F);
  return {body.FromLocal({middle.x * side, middle.y, middle.z}), reach};
}

BoundingSphere HeadBounds(HairStyle style, const Frame3& head) {
  if (style == HairStyle::kLong) return {head.FromLocal({0, 0.06F, 0}), 0.235F};
  if (style == HairStyle::kBun) return {head.FromLocal({0, 0.135F, 0}), 0.195F};
  return {head.FromLocal({0, 0.115F, 0}), 0.165F};
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

  rig.bounds[0] = HeadBounds(look.hair_style, rig.head);
  rig.bounds[1] = {rig.body.FromLocal({0, -0.42F, -0.04F}), 0.54F};
  for (int side = 0; side < 2; ++side) {
    rig.arms[side] = PlaceArm(look, pose, side);
    const bool loose = pose.stretch[side] > 0 || pose.arm_raise[side] < 0;
    rig.bounds[2 + side] = ArmBounds(rig.arms[side], rig.body, side == 0 ? -1.0F : 1.0F, loose);
  }
  return rig;
}

}  // namespace peekproof::testbed
