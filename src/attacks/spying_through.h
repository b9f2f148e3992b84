// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "attacks/attack.h"

namespace peekproof::attacks {

struct SpyingThroughOptions {
  float salient_above = 0.05F;  ///< The segmentation counts as the salient part above this, in [0, 1].
  double scale = 1;             ///< Share of the frame's size at which GrabCut cuts; 1 as published.
  bool denoise = true;          ///< Non-local means over the finished picture.
};

/// The attack of "Spying through Virtual Backgrounds of Video Calls" (Hilgefort, Arp, Rieck: AISec 2021) as
/// the artifact of "Seeing Through" has it: GrabCut around the salient part cuts the wallpaper away, a box of
/// HSV and a second GrabCut the skin, and of the rest what moves against the last frames is room; gathered by
/// a running mean and denoised.
///
/// Constants: opening and closing, twice each, by an ellipse of 10; GrabCut of 2 iterations from "probable
/// foreground"; skin H 108 to 179, S 23 to 200, V 82 to 255 of the BGR frame read as RGB, closed by 5, opened
/// twice by 3, cut in 5 iterations within 25 pixels around it, opened and closed by 3; KnnMotion; the first 8
/// frames are not gathered; a pixel counts as set above a grey of 5; non-local means of strength 10, patches
/// of 7 in windows of 21.
///
/// Out     Confidence, which the attack does not have, is one half throughout. evidence: frames in the mean.
/// Differs: the salient part is found by the second segmentation of whoever runs it (published: U2-Net,
///         normalised, above 0), widened by salient_above. The Otsu body mask, which the artifact has
///         switched off, is absent. GrabCut draws its first clusters from a seed of its own, so that results
///         repeat.
class SpyingThrough : public Attack {
 public:
  SpyingThrough(const SpyingThroughOptions& options, cv::Size size) : options_(options), size_(size) {}

  bool has_candidates() const override { return false; }
  std::unique_ptr<LeakRule> MakeRule() const override;
  std::unique_ptr<Gatherer> MakeGatherer() const override;

 private:
  SpyingThroughOptions options_;
  cv::Size size_;
};

}  // namespace peekproof::attacks
