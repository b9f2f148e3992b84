// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "engines/bilinear_axis.h"

namespace peekproof::engines {

struct GradientSnapOptions {
  float reach_px = 20.0F;   ///< How far the blur's taps lie apart, in frame pixels.
  float edge_low = 0.05F;   ///< Luma difference, 0 to 1, up to which the blurred mask counts alone.
  float edge_high = 0.20F;  ///< Luma difference from which the raw mask counts alone.
};

/// Brings a coarse mask to frame size, blurred where the frame is flat and raw where it has an edge.
///
/// With r = round(reach_px * mask width / frame width): the blurred mask is the sum of 3 x 3 taps r mask
/// pixels apart, weights 1-2-1 by 1-2-1 over 16, edges replicated; both masks are read bilinearly. With g the
/// length of (luma right - luma left, luma below - luma above), luma = 0.299 R + 0.587 G + 0.114 B in [0, 1],
/// and s = smoothstep(edge_low, edge_high, g), the result is blurred + s (raw - blurred).
///
/// Source  Jitsi Meet's second engine, compositor/WebGLCompositor.ts; engines notes 1.3. Deviation: in the
///         half mask pixel next to the frame's border, taps that lie inside are read as if it were
///         replicated.
/// Cost    Luma is computed only where blurred and raw mask differ by more than 1/8 of 1/255; elsewhere the
///         blurred one is taken.
/// Threads Rows in parallel; the result does not depend on the number of threads or the processor. One Apply
///         at a time. Allocates at the first frame of a size only.
class GradientSnap {
 public:
  explicit GradientSnap(const GradientSnapOptions& options);

  /// In      coarse: soft mask in [0, 1]. camera: the frame. Neither empty.
  /// Out     refined: 255 times the mask at frame size, rounded to nearest; reused buffer.
  void Apply(const cv::Mat1f& coarse, const cv::Mat3b& camera, cv::Mat1b* refined);

 private:
  void Prepare(cv::Size coarse_size, cv::Size size);
  void BlurCoarse(const cv::Mat1f& coarse, int distance);
  void SnapRow(const cv::Mat3b& camera, int y, uint8_t* refined) const;

  GradientSnapOptions options_;
  cv::Size coarse_size_;
  cv::Size size_;
  BilinearAxis x_;
  BilinearAxis y_;
  cv::Mat1f columns_;  ///< Blurred along y.
  cv::Mat1f blurred_;
  cv::Mat1f wide_raw_;  ///< The coarse rows at the frame's width.
  cv::Mat1f wide_blurred_;
};

}  // namespace peekproof::engines
