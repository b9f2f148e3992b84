// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_albedo.h"

#include <algorithm>
#include <cmath>

#include "testbed/caller_head.h"
#include "testbed/smooth_step.h"

namespace peekproof::testbed {
namespace {

using Local = Vec3<float>;

float Square(float a) { return a * a; }

float Bell(float squared_distance, float radius) { return std::exp(-squared_distance / (radius * radius)); }

LinearColour Mix(const LinearColour& a, const LinearColour& b, float weight) {
  return {a[0] + (b[0] - a[0]) * weight, a[1] + (b[1] - a[1]) * weight, a[2] + (b[2] - a[2]) * weight};
}

LinearColour Scaled(const LinearColour& a, float red, float green, float blue) {
  return {a[0] * red, a[1] * green, a[2] * blue};
}

/// Pores and blotches, and redder cheeks, nose and ears.
LinearColour Complexion(const CallerRig& rig, const Local& q) {
  const float x = std::abs(q.x);
  float red = 0.7F * Bell(Square(x - 0.042F) + Square(q.y - 0.082F) + Square(q.z - 0.07F), 0.024F);
  red += 0.6F * Bell(Square(q.x) + Square(q.y - 0.078F) + Square(q.z - 0.115F), 0.015F);
  red += 0.8F * Bell(Square(x - 0.082F) + Square(q.y - 0.10F), 0.022F);
  const float mottle = 1.0F + 0.035F * ValueNoise(q.x * 90.0F, q.y * 90.0F, q.z * 90.0F);
  return Scaled(rig.look.skin, mottle * (1.0F + 0.06F * red), mottle * (1.0F - 0.20F * red),
                mottle * (1.0F - 0.18F * red));
}

/// Eyeball inside the almond between the lids, with a lash line; `skin` elsewhere.
LinearColour EyeColour(const CallerRig& rig, const Local& q, const LinearColour& skin) {
  const float side = q.x < 0 ? -1.0F : 1.0F;
  const float u = (q.x * side - 0.032F) / 0.016F;
  const float v = q.y - 0.1145F;
  if (std::abs(u) > 1.1F || std::abs(v) > 0.012F) return skin;
  const float open = 1.0F - rig.pose.blink;
  const float almond = std::max(0.0F, 1.0F - u * u);
  const float upper = (0.0066F * almond + 0.0004F) * open - 0.0035F * (1.0F - open);
  const float lower = -0.0048F * almond * std::max(open, 0.72F);
  const LinearColour lash = Scaled(rig.look.hair, 0.6F, 0.6F, 0.6F);
  const float lash_weight = 0.85F * SmoothStep(0.0022F, 0.0006F, std::abs(v - upper - 0.0006F)) *
                            SmoothStep(1.1F, 0.9F, std::abs(u));
  if (v > upper || v < lower) return Mix(skin, lash, lash_weight);
  LinearColour eye{0.70F, 0.68F, 0.66F};
  const float from_pupil = std::hypot(q.x - side * 0.0318F, v - 0.0006F);
  eye = Mix(eye, {0.10F, 0.055F, 0.025F}, SmoothStep(0.0066F, 0.0054F, from_pupil));
  eye = Mix(eye, {0.008F, 0.008F, 0.008F}, SmoothStep(0.0033F, 0.0023F, from_pupil));
  const float highlight = std::hypot(q.x - side * 0.0318F + 0.0022F, v - 0.0026F);
  eye = Mix(eye, {1.0F, 1.0F, 1.0F}, 0.8F * SmoothStep(0.0017F, 0.0008F, highlight));
  return Mix(eye, lash, std::max(lash_weight, 0.35F * SmoothStep(0.7F, 1.0F, std::abs(u))));
}

LinearColour WithBrows(const CallerRig& rig, const Local& q, const LinearColour& skin) {
  const float u = (std::abs(q.x) - 0.034F) / 0.022F;
  const float arch = 0.1365F + 0.0028F * (1.0F - Square(u - 0.25F));
  const float thickness = 0.0042F * (1.0F - 0.45F * std::max(0.0F, u));
  const float strip =
      SmoothStep(thickness, 0.4F * thickness, std::abs(q.y - arch)) * SmoothStep(1.15F, 0.85F, std::abs(u));
  const float hairs = 0.80F + 0.2F * ValueNoise(q.x * 700.0F, q.y * 260.0F, 0.0F);
  return Mix(skin, rig.look.hair, strip * hairs * 0.9F);
}

/// Lips, the opening between them, and teeth.
LinearColour WithMouth(const CallerRig& rig, const Local& q, const LinearColour& skin) {
  const float u = q.x / 0.0245F;
  if (std::abs(u) > 1.15F || q.y > 0.064F || q.y < 0.024F) return skin;
  const float mouth = rig.pose.mouth;
  const float round = std::max(0.0F, 1.0F - u * u);
  const float middle = 0.0485F - 0.003F * mouth;
  const float half_open = (0.0009F + 0.0075F * mouth) * std::sqrt(round);
  const float above = q.y - middle;
  const float top = half_open + 0.0065F * std::sqrt(round) * (1.0F - 0.25F * Bell(Square(q.x), 0.004F));
  const float bottom = -half_open - 0.0078F * std::sqrt(round);
  const LinearColour lip = Mix(Scaled(rig.look.skin, 0.85F, 0.52F, 0.60F), {0.50F, 0.17F, 0.15F}, 0.35F);
  const float is_lip =
      SmoothStep(bottom - 0.0012F, bottom + 0.0008F, above) * SmoothStep(top + 0.0012F, top - 0.0008F, above);
  LinearColour colour = Mix(skin, lip, 0.85F * is_lip);
  const float is_open = SmoothStep(half_open + 0.0007F, half_open - 0.0004F, std::abs(above));
  const bool teeth = mouth > 0.15F && above > 0.25F * half_open;
  const LinearColour inside = teeth ? LinearColour{0.62F, 0.58F, 0.52F} : LinearColour{0.07F, 0.02F, 0.02F};
  return Mix(colour, inside, is_open * SmoothStep(1.0F, 0.9F, std::abs(u)));
}

LinearColour FaceColour(const CallerRig& rig, const Local& q) {
  LinearColour colour = Complexion(rig, q);
  if (q.z < 0.02F) return colour;
  const float nostril = Bell(Square(std::abs(q.x) - 0.0065F) + Square(q.y - 0.0685F), 0.0030F);
  colour = Scaled(colour, 1.0F - 0.7F * nostril, 1.0F - 0.75F * nostril, 1.0F - 0.75F * nostril);
  colour = WithBrows(rig, q, colour);
  if (rig.look.beard) {
    const float around_mouth = 1.0F - Bell(Square(q.x / 1.6F) + Square(q.y - 0.048F), 0.016F);
    const float jaw = SmoothStep(0.078F, 0.060F, q.y - 0.25F * std::abs(q.x)) *
                      SmoothStep(-0.004F, 0.016F, q.y) * (0.35F + 0.65F * around_mouth);
    const float hairs = 0.75F + 0.25F * ValueNoise(q.x * 420.0F, q.y * 300.0F, q.z * 420.0F);
    colour = Mix(colour, rig.look.hair, 0.72F * jaw * hairs);
  }
  colour = WithMouth(rig, q, colour);
  return q.z > 0.045F ? EyeColour(rig, q, colour) : colour;
}

LinearColour ClothColour(const CallerRig& rig, const Local& b) {
  LinearColour colour = rig.look.cloth;
  const float stripes = std::abs(b.x * 52.0F - std::floor(b.x * 52.0F) - 0.5F);
  colour = Mix(colour, rig.look.stripe, SmoothStep(0.26F, 0.34F, stripes));
  if (rig.look.clothes_style == ClothesStyle::kShirt && b.z > 0) {
    const float placket = SmoothStep(0.0014F, 0.0006F, std::abs(b.x - 0.014F));
    colour = Mix(colour, Scaled(colour, 0.45F, 0.45F, 0.45F), placket);
    const float button_y = b.y + 0.085F - 0.07F * std::round((b.y + 0.085F) / 0.07F);
    const float button = std::hypot(b.x, button_y);
    if (b.y < -0.06F) colour = Mix(colour, {0.75F, 0.75F, 0.72F}, SmoothStep(0.0060F, 0.0048F, button));
  }
  if (rig.look.clothes_style == ClothesStyle::kHoodie && b.z > 0 && b.y > -0.17F && b.y < -0.05F) {
    const float cord = std::abs(std::abs(b.x) - 0.034F - 0.05F * (b.y + 0.05F));
    colour = Mix(colour, {0.72F, 0.70F, 0.66F}, SmoothStep(0.0038F, 0.0026F, cord));
  }
  const float weave = 1.0F + 0.07F * ValueNoise(b.x * 240.0F, b.y * 240.0F, b.z * 240.0F);
  return Scaled(colour, weave, weave, weave);
}

LinearColour HairColour(const CallerRig& rig, const Local& q) {
  if (rig.look.hair_style == HairStyle::kBeanie && q.y > BeanieRim(q) - 0.003F) {
    const float ribs = 1.0F + 0.22F * std::sin(40.0F * std::atan2(q.x, q.z + 0.018F));
    return Scaled(rig.look.beanie, ribs, ribs, ribs);
  }
  const float shade = 1.0F + 0.28F * ValueNoise(q.x * 120.0F, q.y * 18.0F, q.z * 120.0F);
  return Scaled(rig.look.hair, shade, shade, shade);
}

/// Lines of words of uneven length on white, under a heading; x and y from the sheet's middle.
LinearColour PrintColour(float x, float y) {
  const LinearColour white{0.80F, 0.79F, 0.76F};
  constexpr LinearColour kInk{0.03F, 0.03F, 0.04F};
  const bool heading = y > 0.105F && y < 0.120F;
  if (std::abs(x) > 0.085F || (y > 0.092F && !heading) || y < -0.125F) return white;
  const float pitch = heading ? 0.015F : 0.0105F;
  const float line = std::floor(y / pitch);
  const float within = y / pitch - line;
  const float letters = ValueNoise(x * (heading ? 170.0F : 260.0F), line * 7.3F + 0.5F, 0.5F);
  const float words = ValueNoise(x * 75.0F, line * 3.7F + 0.5F, 9.5F);
  const float end = 0.085F - 0.06F * std::max(0.0F, ValueNoise(0.5F, line * 5.1F + 0.5F, 3.5F));
  const float height = SmoothStep(0.24F, 0.32F, within) * SmoothStep(0.76F, 0.68F, within);
  const float ink = height * SmoothStep(-0.45F, -0.25F, words) * (0.72F + 0.28F * letters);
  return x < end ? Mix(white, kInk, ink) : white;
}

LinearColour ScreenColour(float x, float y) {
  LinearColour colour{0.10F, 0.16F, 0.30F};
  const float row = std::floor(y / 0.026F);
  const bool bubble = std::abs(y / 0.026F - row - 0.5F) < 0.36F;
  const float shift = std::fmod(std::abs(row), 2.0F) < 1.0F ? -0.006F : 0.006F;
  if (bubble && std::abs(x - shift) < 0.021F) colour = {0.62F, 0.68F, 0.72F};
  return colour;
}

/// What the hand on that side of the body holds.
LinearColour HeldColour(const CallerRig& rig, const Local& b) {
  const bool only_left = rig.look.held[1] == HeldObject::kNothing;
  const bool only_right = rig.look.held[0] == HeldObject::kNothing;
  const int side = only_right || (!only_left && b.x >= 0) ? 1 : 0;
  const float sign = side == 0 ? -1.0F : 1.0F;
  const Local h = rig.arms[side].hand_from_body.ToLocal(Local{b.x * sign, b.y, b.z});
  const float across = -h.x;
  switch (rig.arms[side].held) {
    case HeldObject::kMug: {
      const float band = SmoothStep(0.013F, 0.012F, std::abs(across - 0.004F));
      return Mix({0.62F, 0.60F, 0.55F}, {0.07F, 0.22F, 0.26F}, band);
    }
    case HeldObject::kPhone: {
      const bool screen =
          h.z > 0.0285F && std::abs(across - 0.002F) < 0.0315F && std::abs(h.y - 0.10F) < 0.070F;
      return screen ? ScreenColour(across - 0.002F, h.y - 0.10F) : LinearColour{0.02F, 0.02F, 0.022F};
    }
    case HeldObject::kPaper:
      return PrintColour(h.x * sign, h.y - 0.175F);
    case HeldObject::kNothing:
      break;
  }
  return rig.look.skin;
}

}  // namespace

LinearColour CallerAlbedo(const CallerRig& rig, Material material, const Vec3<float>& in_head,
                          const Vec3<float>& in_body) {
  switch (material) {
    case Material::kSkin:
      return FaceColour(rig, in_head);
    case Material::kHair:
      return HairColour(rig, in_head);
    case Material::kCloth:
      return ClothColour(rig, in_body);
    case Material::kHand: {
      const float mottle = 1.0F + 0.05F * ValueNoise(in_body.x * 60.0F, in_body.y * 60.0F, in_body.z * 60.0F);
      return Scaled(rig.look.skin, mottle * 1.02F, mottle * 0.94F, mottle * 0.93F);
    }
    case Material::kGlasses:
      return {0.025F, 0.022F, 0.022F};
    case Material::kHeld:
      return HeldColour(rig, in_body);
  }
  return rig.look.skin;
}

}  // namespace peekproof::testbed
