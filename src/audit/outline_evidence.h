// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::audit {

/// How the picture changes across the caller's outline, gathered over frames: what tells a replaced
/// background from a plain room in front of a still camera. In a plain room the background goes over into the
/// caller within the optics' and codec's few pixels, and nothing but the two takes part. A virtual background
/// is mixed in by a coarse matte: the change takes longer, and a third colour, the real room's, stands
/// between.
struct OutlineEvidence {
  static constexpr int kWidths = 24;

  int64_t profiles = 0;                         ///< Cuts across the outline with enough contrast to judge.
  int64_t third_colour = 0;                     ///< Those with a colour that neither side explains.
  std::array<int64_t, kWidths> width_counts{};  ///< By width of the change, in pixels of a 720-line picture.

  void Merge(const OutlineEvidence& other);
  /// Median width of the change, in pixels of a 720-line picture; 0 without profiles.
  double MedianWidth() const;
  /// Share of profiles with a third colour, in [0, 1]; 0 without profiles.
  double ThirdColourShare() const;
};

/// Examines the outline in one frame.
///
/// In      bgr, wallpaper: H x W. known: 255 where the wallpaper is known. caller: probability at frame size.
OutlineEvidence ExamineOutline(const cv::Mat3b& bgr, const cv::Mat3b& wallpaper, const cv::Mat1b& known,
                               const image::AlphaMask& caller);

}  // namespace peekproof::audit
