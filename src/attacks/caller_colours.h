// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "image/mask.h"

namespace peekproof::attacks {

/// What the caller looks like near each place of one frame: for every cell of 8 x 8 pixels, the mean colour
/// of the nearest cell that lies well inside the caller, and how far away that is. A pixel that this colour,
/// mixed with the wallpaper, explains is likely the caller's own rim. Not thread-safe: keeps buffers.
class CallerColours {
 public:
  static constexpr int kCell = 8;
  static constexpr uint8_t kFar = 255;

  /// In      frame: BGR. caller: second segmentation, same size, 1 is caller.
  void Update(const cv::Mat3b& frame, const cv::Mat1f& caller);

  struct Nearest {
    uint8_t colour[3];  ///< BGR; meaningless when there is no caller.
    uint8_t distance;   ///< Chamfer distance in cells, in thirds of a cell, saturating; kFar: no caller.
  };
  /// One row of cells, one entry per 8 pixels of the frame's row.
  const Nearest* RowOf(int frame_row) const {
    return &cells_[static_cast<size_t>(frame_row / kCell * columns_)];
  }

 private:
  void MeasureCell(const cv::Mat3b& frame, const cv::Mat1f& caller, int row, int column);
  void Relax(int row, int column, int from_row, int from_column, int step);

  int rows_ = 0;
  int columns_ = 0;
  std::vector<Nearest> cells_;
};

}  // namespace peekproof::attacks
