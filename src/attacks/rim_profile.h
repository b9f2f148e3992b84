// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "attacks/rim_distances.h"
#include "attacks/wallpaper.h"

namespace peekproof::attacks {

/// What lies beside each place of the rim, along the normal of the caller's outline: between a pixel of the
/// room and the caller there is an edge, between two pixels of the caller there is mostly none; and where the
/// room is mixed in, it is mixed in beside, too. Worked out at half the size, within kInnerPx to kOuterPx of
/// the outline. Not thread-safe: keeps buffers, and the last frame.
class RimProfile {
 public:
  static constexpr int kCues = 17;
  static constexpr float kInnerPx = 80;  ///< Of a frame of 720 rows.
  static constexpr float kOuterPx = 120;

  explicit RimProfile(const Wallpaper& wallpaper);

  /// rim: of the same frame. wanted: not 0 where At will be asked.
  void Update(const FrameEvidence& evidence, const RimDistances& rim, const cv::Mat1b& wanted);

  /// kCues numbers of about one; all zero farther off. In this order: the strongest step of colour on the way
  /// in, and how far it is; the same on the way out, of the difference to the wallpaper; difference in colour
  /// to 12 and 24 pixels farther in; difference from the wallpaper 8 pixels farther in, 8 and 16 farther out;
  /// the service's alpha at the same places; the caller's share 8 pixels in and out; how the difference from
  /// the wallpaper 6 pixels farther out follows that of the place: in direction and in length; change since
  /// the last frame.
  const float* At(int y, int x) const { return cues_.ptr<float>(y / 2) + (x / 2) * kCues; }

 private:
  /// A place, and one step outward from it.
  struct Normal {
    cv::Point2f place;
    cv::Point2f step;
  };

  void FillRow(int y, const cv::Mat1f& outline, const cv::Mat1b& wanted);
  bool FindNormal(int y, int x, Normal* normal) const;
  void FillEdges(const Normal& normal, float* cues) const;
  void FillBeside(const Normal& normal, float* cues) const;
  /// `steps` outward.
  cv::Point Along(const Normal& normal, int steps) const;
  cv::Vec3f OffsetAt(cv::Point p) const { return cv::Vec3f(small_(p)) - cv::Vec3f(wallpaper_(p)); }

  cv::Size half_;
  float step_;  ///< Two pixels of a frame of 720 rows, in pixels of the half size.
  cv::Mat3b wallpaper_;
  cv::Mat3b small_;
  cv::Mat3b last_;
  cv::Mat1f alpha_;
  cv::Mat1f caller_;
  cv::Mat1f smooth_outline_;
  cv::Mat1f cues_;  ///< kCues of each pixel side by side.
};

}  // namespace peekproof::attacks
