// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "attacks/colour_distance.h"
#include "attacks/skin.h"
#include "attacks/wallpaper.h"
#include "base/result.h"
#include "image/mask.h"

namespace peekproof::attacks {

/// Constants of "Seeing Through", as its artifact has them (the paper prints none). Defaults: MediaPipe.
struct SeeingThroughOptions {
  float engine_caller_above = 0.64F;  ///< t1: the service's mask counts as caller above this, in [0, 1].
  int engine_reach_px = 3;            ///< Side of the square by which the service's filters widen that mask.
  int engine_erosion_px = 8;          ///< s1: side of the erosion of the service's mask.
  int caller_erosion_px = 5;          ///< s2: side of the erosion of the second, caller mask.
  float caller_above = 0.5F;          ///< The second segmentation counts as caller above this, in [0, 1].
  float add_from = 10.0F;             ///< ta: CIEDE2000 to the wallpaper from which a pixel is added.
  float remove_below = 4.0F;          ///< tr: CIEDE2000 to the wallpaper below which a pixel is removed.
  int add_opening_px = 2;             ///< Side of the opening of the added pixels.
  bool remove_skin = true;            ///< Whether skin-coloured pixels are removed everywhere.
  HsvRange skin_gate{{0, 10, 40}, {30, 255, 255}};  ///< What may be skin at all; OpenCV's 8-bit HSV.
  cv::Vec3i skin_half_range{5, 35, 40};             ///< Around the caller's median skin colour; H, S, V.
  int skin_step_px = 2;                             ///< Grid on which the median is taken.

  /// The artifact's constants for MediaPipe (and so for Google Meet).
  static SeeingThroughOptions MediaPipe() { return {}; }
  /// The artifact's constants for Zoom, whose mask is used as it is, without threshold or filters.
  static SeeingThroughOptions Zoom();

  /// Compares differences as the artifact does, which stores them as whole numbers: an unrounded difference
  /// half a step lower already counts. Also takes the skin's median over all pixels, as it does.
  void UseArtifactRounding();

  /// kInvalidArgument naming the field, when a value is out of range.
  Result<void> Validate() const;
};

/// Finds the pixels of one frame that are neither wallpaper nor caller: sections 4.1 and 4.2 of the paper and
/// the mask combination of 4.3, on masks that are given.
///
/// In      frame, wallpaper: H x W. engine: the service's matte, re-estimated on the recorded frame, before
///         coverage; 1 is caller. caller: second segmentation; 1 is caller. All of the frame's size.
/// Out     leak: 255 where a pixel is a candidate; leak_px: their number.
/// Source  Paper sections 4.1 to 4.3, and its artifact where the paper is silent or differs:
///         - the service's mask tells where the tool sees the caller; candidates are inside it (the paper's
///           M1 removes the outside);
///         - the artifact's bilateral (5, 25, 25) and Gaussian (3 x 3) filters run on a mask of 0 and 255 of
///           which every value above 0 counts: the first changes nothing there and the second is a dilation
///           by 3 x 3, so it is computed as one;
///         - pixels from ta on are opened with a 2 x 2 square before they are added, then those below tr are
///           removed from the union.
/// Differs: distances to the estimated wallpaper as in the paper (the artifact measures to the true file);
///         unrounded unless UseArtifactRounding was called; the skin median is taken on a grid;
///         where the wallpaper is not known, nothing is a candidate.
/// Threads Not thread-safe: keeps buffers. Uses the calling thread only.
class LeakFinder {
 public:
  explicit LeakFinder(const SeeingThroughOptions& options);

  void Find(const cv::Mat3b& frame, const Wallpaper& wallpaper, const image::AlphaMask& engine,
            const image::AlphaMask& caller, image::BinaryMask* leak, int64_t* leak_px);

 private:
  int64_t CombineRow(int y, const cv::Mat3b& frame, const Wallpaper& wallpaper,
                     const std::optional<HsvRange>& skin, uint8_t* leak) const;

  SeeingThroughOptions options_;
  ColourClassifier classifier_;
  cv::Mat1b engine_;   ///< M_e: eroded mask of the service.
  cv::Mat1b caller_;   ///< M2: eroded mask of the second segmentation.
  cv::Mat1b deep_;     ///< Where no neighbour of a pixel outside the caller lies: colours do not matter.
  cv::Mat1b classes_;  ///< ColourClass.
  cv::Mat1b added_;    ///< 255 where the colour is far, opened.
  cv::Mat1b buffer_;
};

}  // namespace peekproof::attacks
