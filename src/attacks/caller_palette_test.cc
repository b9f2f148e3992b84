// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/caller_palette.h"

#include <gtest/gtest.h>

namespace peekproof::attacks {
namespace {

const cv::Vec3b kShirt(40, 60, 180);
const cv::Vec3b kRoom(200, 180, 40);

// A caller in a shirt, in the lower middle of a room.
CallerPalette PaletteOfOneFrame() {
  cv::Mat3b frame(180, 320, kRoom);
  frame(cv::Rect(100, 60, 120, 120)).setTo(cv::Scalar(kShirt));
  image::AlphaMask caller{cv::Mat1f(180, 320, 0.0F)};
  caller.values(cv::Rect(96, 56, 128, 124)) = 1.0F;  // The mask is a little too large, as masks are.
  CallerPalette palette;
  palette.Add(frame, caller);
  return palette;
}

TEST(CallerPaletteTest, KnowsTheCallersColoursAndNotTheRooms) {
  const CallerPalette palette = PaletteOfOneFrame();
  EXPECT_GT(palette.Density(kShirt), 500.0F) << "all of the caller has one colour: 32 * 32 * 32 / 27";
  EXPECT_GT(palette.Density(kShirt + cv::Vec3b(8, 8, 8)), 500.0F) << "neighbouring levels count";
  EXPECT_FLOAT_EQ(palette.Density(kRoom), 0.0F) << "the rim of the mask is not looked at";
}

TEST(CallerPaletteTest, WithoutACallerNothingIsKnown) {
  CallerPalette palette;
  EXPECT_FLOAT_EQ(palette.Density(kShirt), 0.0F);
  palette.Add(cv::Mat3b(180, 320, kRoom), {cv::Mat1f(180, 320, 0.0F)});
  EXPECT_FLOAT_EQ(palette.Density(kRoom), 0.0F);
}

TEST(CallerPaletteTest, TakesPicturesOfAnySize) {
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(7, 3), cv::Size(33, 65)}) {
    CallerPalette palette;
    palette.Add(cv::Mat3b(size, kShirt), {cv::Mat1f(size, 1.0F)});
    EXPECT_GE(palette.Density(kShirt), 0.0F);
  }
}

}  // namespace
}  // namespace peekproof::attacks
