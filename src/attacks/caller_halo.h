// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "engines/blur_kernel.h"

namespace peekproof::attacks {

/// Of which pixels a service makes its blurred background.
enum class BlurReach {
  kWholeFrame,    ///< All: the caller's colours bleed into what is around him.
  kAroundCaller,  ///< Those that are not the caller's, each result divided by how much of them counted.
  kNoCaller,      ///< It does not depend on where the caller is.
};
inline constexpr std::array kBlurReaches = {BlurReach::kWholeFrame, BlurReach::kAroundCaller,
                                            BlurReach::kNoCaller};
/// "whole frame", "around the caller", "without the caller".
const char* NameOf(BlurReach reach);

/// A blurred background as far as it is known.
struct HaloModel {
  cv::Mat3b room;  ///< The room before the blur, as well as it could be restored; BGR 8-bit sRGB.
  engines::BlurKernel kernel;
  BlurReach reach = BlurReach::kWholeFrame;
};

/// What the caller changes about a blurred background: its halo. With it each frame can be made one before a
/// background that stands still, so that what finds a room behind wallpapers finds the sharp rim that a blur
/// leaves.
///
/// Of the blur of a frame, that of the room alone is taken away, so that errors of the room and of the kernel
/// count only where the caller is near. Kernels other than boxes are taken for Gaussians of their width; the
/// picture is shrunk until that is 3 to 6 pixels (8 times at most).
///
/// Source  Ours. Not thread-safe: one per thread.
class CallerHalo {
 public:
  explicit CallerHalo(const HaloModel& model);

  /// In      bgr: a recorded frame, of the room's size; alpha: the service's matte on it, in [0, 1].
  /// Out     halo: what is behind the caller in this frame, less what would be without him, in levels.
  void Find(const cv::Mat3b& bgr, const cv::Mat1f& alpha, cv::Mat3f* halo);

  /// The frame with its background as it would be without the caller: bgr - (1 - alpha) halo, rounded.
  /// Out     cleared: must not be `bgr`.
  void Clear(const cv::Mat3b& bgr, const cv::Mat1f& alpha, cv::Mat3b* cleared);

 private:
  void Blur(cv::Mat* small) const;

  HaloModel model_;
  int factor_;
  cv::Size small_size_;
  cv::Mat3f small_room_;
  cv::Mat3f blurred_room_;
  cv::Mat3f halo_;
};

}  // namespace peekproof::attacks
