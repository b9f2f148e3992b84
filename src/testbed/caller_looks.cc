// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/random.h"
#include "testbed/caller.h"

namespace peekproof::testbed {
namespace {

/// Looks that VariedLook builds on.
constexpr uint64_t kBaseLooks = 3;

constexpr LinearColour kBlack{0.016F, 0.013F, 0.011F};
constexpr LinearColour kBrown{0.055F, 0.032F, 0.020F};
constexpr LinearColour kChestnut{0.26F, 0.13F, 0.055F};
constexpr LinearColour kBlond{0.52F, 0.34F, 0.14F};
constexpr LinearColour kRed{0.40F, 0.115F, 0.030F};
constexpr LinearColour kGrey{0.38F, 0.37F, 0.36F};

void Jitter(RowRandom* random, double amount, LinearColour* colour) {
  const double brightness = random->Uniform(1.0 - amount, 1.0 + amount);
  for (float& channel : *colour)
    channel =
        static_cast<float>(channel * brightness * random->Uniform(1.0 - 0.4 * amount, 1.0 + 0.4 * amount));
}

template <typename Values>
const auto& Pick(RowRandom* random, const Values& values) {
  return values[random->Next() % std::size(values)];
}

CallerLook PlainLook(LinearColour skin, LinearColour hair, HairStyle hair_style, LinearColour cloth,
                     ClothesStyle clothes_style) {
  CallerLook look;
  look.skin = skin;
  look.hair = hair;
  look.hair_style = hair_style;
  look.cloth = look.stripe = cloth;
  look.clothes_style = clothes_style;
  return look;
}

CallerLook StripedLook() {
  CallerLook look;
  look.stripe = {0.42F, 0.50F, 0.62F};
  look.glasses = true;
  look.width = 1.06F;
  return look;
}

CallerLook RedTeeLook() {
  CallerLook look = PlainLook({0.78F, 0.54F, 0.42F}, kChestnut, HairStyle::kLong, {0.45F, 0.10F, 0.12F},
                              ClothesStyle::kTee);
  look.width = 0.92F;
  return look;
}

CallerLook MustardHoodieLook() {
  CallerLook look = PlainLook({0.29F, 0.16F, 0.10F}, kBlack, HairStyle::kCurly, {0.46F, 0.24F, 0.045F},
                              ClothesStyle::kHoodie);
  look.beard = true;
  look.width = 1.02F;
  return look;
}

CallerLook OrangeShirtLook() {
  CallerLook look =
      PlainLook(SkinTone(7), kBlack, HairStyle::kShort, {0.52F, 0.20F, 0.10F}, ClothesStyle::kShirt);
  look.glasses = true;
  look.width = 1.04F;
  return look;
}

CallerLook BlondLook() {
  CallerLook look =
      PlainLook(SkinTone(1), kBlond, HairStyle::kLong, {0.08F, 0.20F, 0.36F}, ClothesStyle::kTee);
  look.width = 0.93F;
  look.strands = 0.8F;
  return look;
}

CallerLook BunLook() {
  CallerLook look =
      PlainLook(SkinTone(4), kBlack, HairStyle::kBun, {0.10F, 0.30F, 0.17F}, ClothesStyle::kShirt);
  look.width = 0.95F;
  look.strands = 0.5F;
  return look;
}

CallerLook RedCurlsLook() {
  CallerLook look =
      PlainLook(SkinTone(0), kRed, HairStyle::kCurly, {0.06F, 0.27F, 0.28F}, ClothesStyle::kHoodie);
  look.width = 0.97F;
  look.strands = 1.0F;
  return look;
}

CallerLook BaldLook() {
  CallerLook look =
      PlainLook(SkinTone(5), kGrey, HairStyle::kBald, {0.22F, 0.25F, 0.40F}, ClothesStyle::kShirt);
  look.stripe = {0.48F, 0.48F, 0.55F};
  look.glasses = look.beard = true;
  look.width = 1.08F;
  return look;
}

CallerLook BeanieLook() {
  CallerLook look =
      PlainLook(SkinTone(3), kBrown, HairStyle::kBeanie, {0.33F, 0.34F, 0.36F}, ClothesStyle::kHoodie);
  look.beard = true;
  look.held[1] = HeldObject::kMug;
  return look;
}

CallerLook GreyLook() {
  CallerLook look =
      PlainLook(SkinTone(2), kGrey, HairStyle::kLong, {0.30F, 0.08F, 0.22F}, ClothesStyle::kShirt);
  look.glasses = true;
  look.width = 0.96F;
  look.strands = 0.4F;
  return look;
}

}  // namespace

LinearColour SkinTone(int index) {
  constexpr LinearColour kTones[kSkinTones] = {
      {0.84F, 0.62F, 0.52F}, {0.76F, 0.52F, 0.41F}, {0.66F, 0.42F, 0.31F},  {0.56F, 0.34F, 0.23F},
      {0.45F, 0.26F, 0.16F}, {0.34F, 0.19F, 0.12F}, {0.23F, 0.125F, 0.08F}, {0.145F, 0.078F, 0.052F}};
  PEEKPROOF_CHECK(index >= 0 && index < kSkinTones, "skin tone {} of {}", index, kSkinTones);
  return kTones[index];
}

CallerLook PresetLook(int index) {
  constexpr CallerLook (*kLooks[kPresetLooks])() = {
      StripedLook, RedTeeLook,   MustardHoodieLook, OrangeShirtLook, BlondLook,
      BunLook,     RedCurlsLook, BaldLook,          BeanieLook,      GreyLook};
  PEEKPROOF_CHECK(index >= 0 && index < kPresetLooks, "look {} of {}", index, kPresetLooks);
  return kLooks[index]();
}

CallerLook VariedLook(uint64_t seed) {
  RowRandom random(seed, 0, 0x100C);
  CallerLook look = PresetLook(static_cast<int>(random.Next() % kBaseLooks));
  const bool plain = look.stripe == look.cloth;
  Jitter(&random, 0.08, &look.skin);
  Jitter(&random, 0.35, &look.hair);
  Jitter(&random, 0.25, &look.cloth);
  if (plain) look.stripe = look.cloth;
  look.width *= static_cast<float>(random.Uniform(0.97, 1.03));
  look.glasses = random.Uniform() < 0.4;
  look.beard = look.hair_style != HairStyle::kLong && random.Uniform() < 0.4;
  return look;
}

CallerLook PersonLook(uint64_t index) {
  constexpr LinearColour kHairColours[] = {kBlack, kBrown, kChestnut, kBlond, kRed, kGrey};
  constexpr LinearColour kDarkHairColours[] = {kBlack, kBlack, kBrown, kGrey};
  constexpr LinearColour kCloths[] = {{0.10F, 0.17F, 0.33F}, {0.45F, 0.10F, 0.12F}, {0.46F, 0.24F, 0.045F},
                                      {0.60F, 0.60F, 0.57F}, {0.10F, 0.30F, 0.17F}, {0.06F, 0.27F, 0.28F},
                                      {0.33F, 0.34F, 0.36F}, {0.30F, 0.08F, 0.22F}};
  constexpr HairStyle kStyles[] = {HairStyle::kShort, HairStyle::kLong, HairStyle::kCurly,
                                   HairStyle::kBun,   HairStyle::kBald, HairStyle::kBeanie};
  constexpr ClothesStyle kClothes[] = {ClothesStyle::kShirt, ClothesStyle::kTee, ClothesStyle::kHoodie};
  RowRandom random(index, 0, 0x9E45);
  const int tone = static_cast<int>(random.Next() % kSkinTones);
  const LinearColour hair = tone < 4 ? Pick(&random, kHairColours) : Pick(&random, kDarkHairColours);
  const HairStyle style = Pick(&random, kStyles);
  const LinearColour cloth = Pick(&random, kCloths);
  CallerLook look = PlainLook(SkinTone(tone), hair, style, cloth, Pick(&random, kClothes));
  Jitter(&random, 0.06, &look.skin);
  Jitter(&random, 0.20, &look.hair);
  Jitter(&random, 0.20, &look.cloth);
  look.stripe = look.cloth;
  if (random.Uniform() < 0.3)
    for (float& channel : look.stripe) channel = std::min(0.8F, 2.2F * channel + 0.08F);
  look.beanie = Pick(&random, kCloths);
  look.width = static_cast<float>(random.Uniform(0.91, 1.09));
  look.glasses = random.Uniform() < 0.35;
  const bool may_have_beard = style != HairStyle::kLong && style != HairStyle::kBun;
  look.beard = may_have_beard && random.Uniform() < 0.45;
  const double loose = random.Uniform();
  if (style != HairStyle::kBald) look.strands = static_cast<float>(loose);
  return look;
}

}  // namespace peekproof::testbed
