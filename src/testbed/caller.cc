// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller.h"

#include <algorithm>

#include "base/check.h"
#include "base/parallel.h"
#include "base/random.h"
#include "testbed/caller_march.h"
#include "testbed/caller_shade.h"

namespace peekproof::testbed {
namespace {

void Jitter(RowRandom* random, double amount, LinearColour* colour) {
  const double brightness = random->Uniform(1.0 - amount, 1.0 + amount);
  for (float& channel : *colour)
    channel =
        static_cast<float>(channel * brightness * random->Uniform(1.0 - 0.4 * amount, 1.0 + 0.4 * amount));
}

}  // namespace

CallerLook PresetLook(int index) {
  PEEKPROOF_CHECK(index >= 0 && index < kPresetLooks, "look {} of {}", index, kPresetLooks);
  CallerLook look;
  if (index == 0) {
    look.stripe = {0.42F, 0.50F, 0.62F};
    look.glasses = true;
    look.width = 1.06F;
    return look;
  }
  if (index == 1) {
    look.skin = {0.78F, 0.54F, 0.42F};
    look.hair = {0.26F, 0.13F, 0.055F};
    look.cloth = look.stripe = {0.45F, 0.10F, 0.12F};
    look.hair_style = HairStyle::kLong;
    look.clothes_style = ClothesStyle::kTee;
    look.width = 0.92F;
    return look;
  }
  look.skin = {0.25F, 0.135F, 0.082F};
  look.hair = {0.016F, 0.013F, 0.011F};
  look.cloth = look.stripe = {0.46F, 0.24F, 0.045F};
  look.hair_style = HairStyle::kCurly;
  look.clothes_style = ClothesStyle::kHoodie;
  look.beard = true;
  look.width = 1.02F;
  return look;
}

CallerLook VariedLook(uint64_t seed) {
  RowRandom random(seed, 0, 0x100C);
  CallerLook look = PresetLook(static_cast<int>(random.Next() % kPresetLooks));
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

void RenderCaller(const CallerLook& look, const CallerPose& pose, cv::Size size, cv::Mat4f* premultiplied) {
  PEEKPROOF_CHECK(size.width > 0 && size.height > 0, "picture of {} x {}", size.width, size.height);
  premultiplied->create(size);
  const CallerRig rig = MakeRig(look, pose);
  const Pinhole camera = Pinhole::ForSize(size.width, size.height);
  ParallelRows(size.height, [&](int first_row, int end_row) {
    premultiplied->rowRange(first_row, end_row).setTo(cv::Scalar::all(0));
    TileHits hits;
    for (int top = first_row; top < end_row; top += kTileSide) {
      for (int left = 0; left < size.width; left += kTileSide) {
        uint32_t parts = 0;
        TraceTile(rig, camera, left, top, &hits, &parts);
        ShadeTile(rig, camera, hits, parts, premultiplied);
      }
    }
  });
}

}  // namespace peekproof::testbed
