// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "attacks/frequent_colours.h"
#include "attacks/wallpaper.h"

namespace peekproof::attacks {

struct BackgroundBusterOptions {
  int wallpaper_within = 20;     ///< VBM: a pixel is wallpaper where no channel differs by more.
  int blending_px = 19;          ///< BBM: diameter of the ellipse by which the wallpaper is widened.
  float caller_above = 0.5F;     ///< VCM: the segmentation counts as caller above this, in [0, 1].
  float released_below = 0.05F;  ///< A caller's pixel whose exact colour fewer frames have there is released.
};

/// The attack of "Background Buster" (Sabra, Vinayaga-Sureshkanth, Sharma, Maiti: DSN 2022) as "Seeing
/// Through" rebuilt it, since its own text was not at hand: candidates are what is neither wallpaper, nor the
/// collar around it, nor a caller's pixel of a colour that is frequent at its place; largest leak first.
///
/// Differs: the caller is found by the second segmentation of whoever runs it (rebuilt: DeepLabv3 with
///         ResNet-101); the wallpaper may be estimated, and where it is not known nothing is a candidate.
///         Colours are counted exactly, over all frames, in 21 slots a pixel (252 bytes).
/// Source  The artifact of "Seeing Through", which has the 5 % from the authors, and 20 steps of tolerance
///         where the paper states none, since compression leaves nothing without.
class BackgroundBuster : public Attack {
 public:
  BackgroundBuster(const BackgroundBusterOptions& options, std::shared_ptr<const Wallpaper> wallpaper);

  int surveys() const override { return 2; }
  void Survey(int survey, const image::Frame& frame) override;
  std::unique_ptr<LeakRule> MakeRule() const override;
  std::unique_ptr<Gatherer> MakeGatherer() const override;

 private:
  BackgroundBusterOptions options_;
  std::shared_ptr<const Wallpaper> wallpaper_;
  FrequentColours colours_;
};

}  // namespace peekproof::attacks
