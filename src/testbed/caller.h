// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::testbed {

enum class HairStyle { kShort, kLong, kCurly };
enum class ClothesStyle { kShirt, kTee, kHoodie };

/// Linear-light colour: red, green, blue in [0, 1].
using LinearColour = std::array<float, 3>;

/// What a caller looks like. Constant over a call.
struct CallerLook {
  LinearColour skin{0.66F, 0.41F, 0.30F};
  LinearColour hair{0.055F, 0.032F, 0.020F};
  LinearColour cloth{0.10F, 0.17F, 0.33F};
  LinearColour stripe{0.10F, 0.17F, 0.33F};  ///< Second colour of the cloth; equal to cloth: plain.
  HairStyle hair_style = HairStyle::kShort;
  ClothesStyle clothes_style = ClothesStyle::kShirt;
  bool glasses = false;
  bool beard = false;
  float width = 1.0F;  ///< Of the torso, relative to the average; 0.9 to 1.1.
};

inline constexpr int kPresetLooks = 3;

/// The three looks that segmentation networks were checked on: 0 glasses, short hair and a striped shirt;
/// 1 long hair and a tee; 2 curly hair and a hoodie.
CallerLook PresetLook(int index);
/// A preset look with seeded variation of colours, build, glasses and beard.
CallerLook VariedLook(uint64_t seed);

/// Where a caller is and what they do at one moment. Angles in radians; right-handed, y up, z to the camera.
struct CallerPose {
  float x = 0;            ///< Sideways offset in metres; positive is right in the picture.
  float y = 0;            ///< Height offset in metres; 0 to -0.04 keeps the head near the frame's top.
  float distance = 0.8F;  ///< From the camera in metres; 0.56 to 1.25.
  float body_yaw = 0;
  float body_pitch = 0;
  float body_roll = 0;
  float head_yaw = 0;  ///< In the room's axes, not relative to the body.
  float head_pitch = 0;
  float head_roll = 0;
  float mouth = 0;                       ///< 0 closed to 1 open.
  float blink = 0;                       ///< 0 open eyes to 1 closed.
  std::array<float, 2> arm_raise{0, 0};  ///< Arm at the left and at the right of the picture: 0 down to 1 up.
  std::array<float, 2> wave{0, 0};       ///< Sideways swing of that hand, -0.4 to 0.4.
};

/// Draws the caller: a signed-distance figure (about forty blended solids), sphere-traced and shaded.
///
/// In      size: of the picture; 640 x 360 scaled up serves as well as drawing at 1280 x 720 and is four
///         times as fast. Vertical field of view 40 degrees.
/// Out     premultiplied: H x W, linear light blue, green, red, each times alpha, and alpha in [0, 1], which
///         is antialiased analytically from the distance to the silhouette (hair has no separate strands).
/// Threads Rows in parallel; output depends on neither thread count nor call order.
/// Source  Sphere tracing (Hart 1996) with cone marching of tiles.
void RenderCaller(const CallerLook& look, const CallerPose& pose, cv::Size size, cv::Mat4f* premultiplied);

}  // namespace peekproof::testbed
