// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "base/result.h"
#include "testbed/animation.h"
#include "testbed/cutout_shape.h"

namespace peekproof::testbed {

/// How a cut-out is framed.
struct PlacementOptions {
  float headroom = 0.11F;     ///< Share of the frame's height above the head; 0 to 0.5.
  float head_height = 0.40F;  ///< Share of the frame's height that the head takes at least; 0.05 to 0.9.
  float centre = 0.5F;        ///< Where the head's middle is, as a share of the width; 0 to 1.

  Result<void> Validate() const;
};

/// From the footage to the still canvas: canvas = scale * footage + offset.
struct Placement {
  double scale = 1;
  cv::Point2d offset;
};

/// Puts the head's top at the headroom and its middle at the centre, and scales so that the head is as high
/// as wanted, or more where the footage would end above the canvas's lower border: no cut edge floats.
Placement PlaceCutout(const CutoutShape& shape, const PlacementOptions& options, cv::Size footage,
                      cv::Size canvas);

/// How a placed cut-out is moved at one moment, in pixels of the canvas and radians.
struct WarpState {
  cv::Point2d shift;     ///< Of the whole.
  double scale = 1;      ///< About the pivot: the head's middle at the canvas's lower border.
  double roll = 0;       ///< Of the whole about the pivot, clockwise.
  double head_roll = 0;  ///< Of the head about the neck, fading out below it.
  double head_turn =
      0;  ///< Sideways sliding of the face within the head's outline, -1 to 1; it gets narrower.
  double head_nod = 0;  ///< The same up and down; positive looks down.
};

/// The moves of the drawn caller (PoseAt) as far as a flat picture can make them: shifts and size as the same
/// camera sees them, roll, and warps of the head that resemble turning and nodding. Continuous in time.
/// Errors  kUnsupported: kWaveArm and kWaveHand, for footage has no arm to raise.
Result<void> CheckScript(MotionScript script);
WarpState WarpAt(const MotionOptions& motion, uint64_t seed, double time_s, cv::Size canvas);

/// Where a pixel of the canvas comes from in the footage.
class Warp {
 public:
  Warp(const CutoutShape& shape, const Placement& placement, const WarpState& state, cv::Size canvas);
  cv::Point2f FootageFromCanvas(float x, float y) const;

 private:
  cv::Point2f pivot_;
  cv::Point2f shift_;
  float cos_;
  float sin_;
  float per_scale_;
  cv::Point2f neck_;  ///< On the still canvas.
  float head_height_;
  float head_half_width_;
  float head_roll_;
  float turn_;
  float nod_;
  cv::Point2f offset_;
  float per_placement_;
};

}  // namespace peekproof::testbed
