// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "testbed/caller_march.h"

namespace peekproof::testbed {

/// One loose hair in the picture: a polyline whose thickness is far below a pixel's, as a rule.
struct Strand {
  static constexpr int kPoints = 9;
  std::array<float, kPoints> x, y;                       ///< In pixels; pixel centres lie at halves.
  std::array<float, kPoints - 1> width;                  ///< Of each piece, in pixels.
  std::array<std::array<float, 3>, kPoints - 1> colour;  ///< Of each piece: linear blue, green, red.
};

/// Grows the loose hairs that the look asks for (none without strands or hair) and projects them.
///
/// Hair number i of a look is the same curve in the head's coordinates at all times; the amount decides how
/// many there are.
std::vector<Strand> PlaceStrands(const CallerRig& rig, const Pinhole& camera);

/// Lays the strands under what is in the picture's rows [first_row, end_row) already. A strand covers of a
/// pixel its width (at most 1) times a tent of radius 1 px around its centre line.
/// In/out  picture: premultiplied linear blue, green, red and alpha.
void DrawStrands(const std::vector<Strand>& strands, int first_row, int end_row, cv::Mat4f* picture);

}  // namespace peekproof::testbed
