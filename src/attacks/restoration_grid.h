// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "attacks/room_average.h"
#include "engines/blur_kernel.h"

namespace peekproof::attacks {

/// What a restoration starts from: the average on a coarser, wider grid.
struct RestorationGrid {
  int shrink = 1;                 ///< Pixels of the frame, each way, that one of the grid's covers.
  cv::Rect frame;                 ///< Where the frame lies on the grid.
  engines::BlurKernel kernel;     ///< In pixels of the grid.
  std::vector<cv::Mat1f> planes;  ///< Blue, green, red; 0 to 255; 0 where nothing is known.
  cv::Mat1f known;                ///< Share of each pixel that is known, in [0, 1].
  cv::Mat1f weight;  ///< What it counts: the same, less where it was seen in a part of the frames.

  cv::Size size() const { return weight.size(); }
};

/// Lays an average out for taking a blur back: shrunk by area (known pixels only) until the kernel's sigma is
/// 1.7 to 3.4 pixels, with margins of 3 sigma, of a size whose transforms are fast.
///
/// Where a place was seen in a share s of the frames only, its average and its neighbour's are of different
/// frames, and differ by what the caller's halo changed: by about 6 (1 - s) levels, which counts as noise.
///
/// In      noise: of the average, levels of a pixel of the frame.
RestorationGrid LayOut(const AveragedRoom& room, const engines::BlurKernel& kernel, double noise);

/// The planes with what is unknown filled smoothly from around it.
std::vector<cv::Mat1f> FillUnknown(const RestorationGrid& grid);

/// From the grid back to the frame (cubic).
cv::Mat1f BackToFrame(const RestorationGrid& grid, const cv::Mat1f& plane, cv::Size frame);

}  // namespace peekproof::attacks
