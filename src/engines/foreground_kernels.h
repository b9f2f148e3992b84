// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The row loops of foreground_colour.h. A cell has eight floats: F (BGR) and its weight, B and its weight.
namespace peekproof::engines::foreground {

inline constexpr int kCell = 8;
inline constexpr int kHalo = 4;  ///< Pixels around a tile: as many as Jacobi steps.
inline constexpr int kTileColumns = 64;
inline constexpr int kTileRows = 32;  ///< Of a tile; the bands of ParallelRows.
inline constexpr int kColumns = kTileColumns + 2 * kHalo;
inline constexpr int kRows = kTileRows + 2 * kHalo;
inline constexpr int kVector = 16;
inline constexpr int kStride = 96;  ///< A vector may begin at any pixel but the first and be read a pixel on.

/// Weight by alpha, 0 to 255: alpha^32 and a trace, so that a colour exists everywhere. 256 values.
const float* Weights();

/// cells[x] = the pixels 2 x and 2 x + 1 of two rows, each weighted by its alpha, over max(1, their weight).
/// The last pixel is repeated where `pixels` is odd.
void PullPixels(const uint8_t* const bgr[2], const uint8_t* const alpha[2], int pixels, float* cells);

/// The same from cells of the level below; `children` of them in a row.
void PullCells(const float* const below[2], int children, float* cells);

/// Adds to each of the cells [first, end) of a level's row what its weights lack from the level above:
/// bilinearly, 3/4 of the nearer cell and 1/4 of the further one in either axis. near_row, far_row: the rows
/// above, with `parents` cells.
void PushCells(const float* near_row, const float* far_row, int parents, int first, int end, float* cells);

/// One row of a tile: `count` pixels of F and B to start from, one plane per channel.
/// In      columns: of the frame, one for each pixel (clamped to the frame). near_row, far_row: rows of the
///         half-size level, filled, with `parents` cells.
void FillRow(const float* near_row, const float* far_row, int parents, const int* columns, const uint8_t* bgr,
             const uint8_t* alpha, int count, float* const caller[3], float* const room[3]);

/// What Step reads and writes, from a row's first pixel to be solved on; pixels before, behind, above and
/// below it exist.
struct Planes {
  const float* caller[3];
  const float* room[3];
  float* new_caller[3];
  float* new_room[3];
  const float* alpha;
  const float* camera[3];
};

/// One Jacobi step of kVector pixels; those with alpha 0 or 1 stay.
void Step(const Planes* planes);

}  // namespace peekproof::engines::foreground
