// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "testbed/camera_options.h"

namespace peekproof::testbed {

/// Where a row or column of one picture falls between two of another's.
struct Tap {
  int low;
  int high;
  float weight_high;
};

/// What all rows of one composition share: the caller before the room, as the lens shows them.
struct Composition {
  const cv::Mat4f& caller;  ///< Any size; empty: nobody there.
  const cv::Mat3f& room;    ///< compose_scale times the frame's size.
  ShotState state;
  float scale;               ///< compose_scale.
  cv::Size frame;            ///< Size of the result.
  std::vector<Tap> columns;  ///< Of the room, in the caller.

  /// CHECKs that the room's size is compose_scale times a whole number of pixels, to the nearest.
  Composition(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
              const ShotState& state);
};

/// One thread's working memory.
struct ComposeScratch {
  std::vector<float> caller, room, large, sums;
  explicit ComposeScratch(const Composition& composition);
};

/// Row y of the frame (clamped to it): linear blue, green, red, and the caller's share.
///
/// Caller and room are sampled bilinearly where the camera has moved, their edges repeated; at a compose
/// scale above 1 the row is the exact mean over its area.
void ComposeRow(const Composition& composition, int y, ComposeScratch* scratch, float* out);

}  // namespace peekproof::testbed
