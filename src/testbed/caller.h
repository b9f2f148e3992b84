// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::testbed {

enum class HairStyle { kShort, kLong, kCurly, kBun, kBald, kBeanie };
enum class ClothesStyle { kShirt, kTee, kHoodie };
/// What a hand holds, all call long; a raised hand shows it: a mug beside the chin, a phone or a printed A4
/// sheet towards the camera. The landscape network takes the mug for part of the person, but leaves the phone
/// and the sheet out: IoU down to 0.82 and 0.52.
enum class HeldObject { kNothing, kMug, kPhone, kPaper };

/// Linear-light colour: red, green, blue in [0, 1].
using LinearColour = std::array<float, 3>;

/// What a caller looks like. Constant over a call.
struct CallerLook {
  LinearColour skin{0.66F, 0.41F, 0.30F};
  LinearColour hair{0.055F, 0.032F, 0.020F};
  LinearColour cloth{0.10F, 0.17F, 0.33F};
  LinearColour stripe{0.10F, 0.17F, 0.33F};  ///< Second colour of the cloth; equal to cloth: plain.
  LinearColour beanie{0.30F, 0.07F, 0.06F};  ///< Worn with HairStyle::kBeanie.
  HairStyle hair_style = HairStyle::kShort;
  ClothesStyle clothes_style = ClothesStyle::kShirt;
  bool glasses = false;
  bool beard = false;
  float width = 1.0F;  ///< Of the torso, relative to the average; 0.9 to 1.1.
  /// Loose hairs around the solid hair, 0 to 1: translucent, thinner than a pixel, fixed to the head.
  float strands = 0;
  std::array<HeldObject, 2> held{};  ///< In the hand at the left and at the right of the picture.
};

inline constexpr int kSkinTones = 8;

/// Skin colours from very light (0) to very dark (7): diffuse reflectance, whose luminance goes from 0.66
/// down to 0.09, about evenly in lightness.
LinearColour SkinTone(int index);

inline constexpr int kPresetLooks = 10;

/// The looks that segmentation networks are checked on: 0 glasses, short hair and a striped shirt; 1 long
/// hair and a tee; 2 dark skin, curly hair and a hoodie; 3 very dark skin, glasses and an orange shirt;
/// 4 blond, long hair; 5 a bun; 6 red curls; 7 bald, with a grey beard; 8 a beanie and a mug; 9 long grey
/// hair. Looks 4, 5, 6 and 9 have strands.
CallerLook PresetLook(int index);
/// One of the looks 0 to 2 with seeded variation of colours, build, glasses and beard.
CallerLook VariedLook(uint64_t seed);
/// Another person for each number: any skin tone, hair, clothes and build, with empty hands. Distinct from
/// VariedLook, whose people stay what they are.
CallerLook PersonLook(uint64_t index);

/// Where a caller is and what they do at one moment. Angles in radians; right-handed, y up, z to the camera.
struct CallerPose {
  float x = 0;  ///< Sideways offset in metres; positive is right in the picture. Any: may leave the frame.
  /// Height offset in metres: 0 to -0.04 keeps the head near the frame's top; up to 0.45 for standing, when
  /// the head leaves the frame and the trunk (which ends 0.9 m below the throat) still fills its lower edge.
  float y = 0;
  float distance = 0.8F;  ///< From the camera in metres; 0.56 to 1.25, or up to 2 for a second person.
  float body_yaw = 0;
  float body_pitch = 0;
  float body_roll = 0;
  float head_yaw = 0;  ///< In the room's axes, not relative to the body.
  float head_pitch = 0;
  float head_roll = 0;
  float mouth = 0;  ///< 0 closed to 1 open.
  float blink = 0;  ///< 0 open eyes to 1 closed.
  /// Arm at the left and at the right of the picture: 0 down before the belly to 1 up; -1 hanging straight.
  std::array<float, 2> arm_raise{0, 0};
  std::array<float, 2> wave{0, 0};  ///< Sideways swing of that hand, -0.4 to 0.4; of a stretched arm -1 to 1.
  /// 0 the bent arm that arm_raise lifts to 1 the whole arm stretched out, swinging between level (wave -1)
  /// and upright (wave 1).
  std::array<float, 2> stretch{0, 0};
};

/// Draws the caller: a signed-distance figure (about forty blended solids), sphere-traced and shaded.
///
/// In      size: of the picture; 640 x 360 scaled up serves as well as drawing at 1280 x 720 and is four
///         times as fast. Vertical field of view 40 degrees.
/// Out     premultiplied: H x W, linear light blue, green, red, each times alpha, and alpha in [0, 1], which
///         is antialiased analytically from the distance to the silhouette. Strands lie under everything
///         solid, so they show outside the silhouette only, each with its share of the pixel as alpha.
/// Threads Rows in parallel; output depends on neither thread count nor call order.
/// Source  Sphere tracing (Hart 1996) with cone marching of tiles.
void RenderCaller(const CallerLook& look, const CallerPose& pose, cv::Size size, cv::Mat4f* premultiplied);

}  // namespace peekproof::testbed
