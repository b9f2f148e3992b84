// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "audit/edge_sharpness.h"
#include "image/mask.h"

namespace peekproof::audit {

/// What light and optics tell of a scene: whether caller and background come from one camera.
///
/// In a plain room the background answers to the camera's exposure, to the caller's shadow and to changing
/// light, and it is as sharp as the lens leaves it, mostly less than the caller. A wallpaper is put in
/// afterwards: it stays as it is but for the codec, and is as sharp as the picture file.
class Photometry {
 public:
  /// In      bgr: full-size frame. caller: probability, any size. Frames of one scene, in order; samples do.
  void Add(const cv::Mat3b& bgr, const image::AlphaMask& caller);

  /// Median over the background's blocks (16 pixels of 720 lines) of the standard deviation over time of
  /// their mean luma, in levels. Codecs alone leave 0.0 to 0.25, a live camera up to 1 and more.
  double BackgroundUnrest() const;
  /// Edges well inside the caller, of a few frames.
  const EdgeSharpness& caller_edges() const { return caller_edges_; }
  /// Edges well outside of the caller, of the same frames.
  const EdgeSharpness& background_edges() const { return background_edges_; }
  /// The latter at a quarter of the size: edges that are there, but blurred, show here only.
  const EdgeSharpness& coarse_background_edges() const { return coarse_background_edges_; }

 private:
  std::vector<double> Deviations() const;
  void AddBlocks(const cv::Mat1b& grey, const image::AlphaMask& caller);
  void AddEdges(const cv::Mat1b& grey, const image::AlphaMask& caller);

  static constexpr int kEdgeFrames = 24;  ///< Frames whose edges are looked at.

  int frames_ = 0;
  int edge_frames_ = 0;
  int edge_stride_ = 1;
  cv::Mat1f sum_;  ///< Of block means.
  cv::Mat1f sum_squares_;
  cv::Mat1f count_;
  EdgeSharpness caller_edges_;
  EdgeSharpness background_edges_;
  EdgeSharpness coarse_background_edges_;
};

}  // namespace peekproof::audit
