// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Estimates the caller's own colour F at soft edges, so that the room's share of the camera's pixel
/// I = alpha F + (1 - alpha) B does not travel into the composite.
///
/// 1. F and B are filled in from where the alpha is surely 1 or 0, by a pyramid: each cell is the mean of its
///    four children weighted by alpha^32 (by (1 - alpha)^32 for B), its weight their sum, at most 1; on the
///    way down a cell takes what its weight lacks from the cells above it, bilinearly.
/// 2. In the soft band the two are made to explain I: four Jacobi steps towards the minimum of
///    (alpha F + (1 - alpha) B - I)^2 + sum over the four neighbours n of
///    (0.005 + 0.1 |alpha - alpha_n|) ((F - F_n)^2 + (B - B_n)^2), each clamped to [0, 255].
///
/// Only pixels with alpha in 1 to 254 are estimated, and only tiles of 64 x 32 pixels that hold such pixels,
/// and their eight neighbours, are looked at. So an alpha that is soft everywhere (a network's 1/255 of
/// doubt) makes it slow: clean it first.
///
/// Source  The energy is that of Germer et al., "Fast Multi-Level Foreground Estimation" (ICPR 2020), with
/// other
///         weights. Differs: step 1 takes the place of solving on every level.
/// Threads Rows of tiles in parallel; the result does not depend on the number of threads or the processor.
/// One
///         Apply at a time. Allocates at the first frame of a size only.
class ForegroundEstimator {
 public:
  /// In      camera: the frame, BGR 8-bit. alpha: 255 times the camera's weight. Equal size, not empty.
  /// Out     foreground: F where alpha is 1 to 254, the camera's pixel elsewhere (at alpha 0 that is the
  /// room:
  ///         weigh with alpha before anything is averaged); reused buffer, must not be `camera`.
  void Apply(const cv::Mat3b& camera, const cv::Mat1b& alpha, cv::Mat3b* foreground);

  /// Share of the last frame's tiles that were looked at, 0 to 1.
  float active_share() const;

 private:
  /// A picture of cells: premultiplied F (BGR), its weight, premultiplied B, its weight.
  struct Level {
    cv::Size size;
    std::vector<float> cells;
    const float* row(int y) const { return cells.data() + static_cast<size_t>(8 * y * size.width); }
    float* row(int y) { return cells.data() + static_cast<size_t>(8 * y * size.width); }
  };
  struct Tile;

  void Prepare(cv::Size size);
  bool FindTiles(const cv::Mat1b& alpha);
  bool IsActive(int tile_x, int tile_y) const;
  void PullTile(const cv::Mat3b& camera, const cv::Mat1b& alpha, int tile_x, int tile_y);
  void Pull(const cv::Mat3b& camera, const cv::Mat1b& alpha);
  void Push();
  void FillTile(const cv::Mat3b& camera, const cv::Mat1b& alpha, int x0, int y0, Tile* tile) const;
  void SolveTile(const cv::Mat3b& camera, const cv::Mat1b& alpha, int x0, int y0,
                 cv::Mat3b* foreground) const;

  cv::Size size_;
  cv::Size tiles_;
  std::vector<uint8_t> soft_;    ///< Whether a tile has soft pixels.
  std::vector<uint8_t> active_;  ///< Whether it or one of its neighbours has.
  std::vector<uint8_t> filled_;  ///< Whether its cells hold anything but 0.
  std::vector<Level> levels_;    ///< From half the frame's size down to one cell.
};

}  // namespace peekproof::engines
