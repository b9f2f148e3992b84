// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>

namespace peekproof::media {

/// One of the eight ways to turn a stored picture upright: transpose first, then flip.
struct Orientation {
  bool transpose = false;
  bool flip_x = false;  ///< Left to right.
  bool flip_y = false;  ///< Top to bottom.

  bool is_identity() const { return !transpose && !flip_x && !flip_y; }
  /// Clockwise turn in degrees: 0, 90, 180 or 270; a mirrored picture counts as its turn before mirroring
  /// left to right.
  int RotationDegrees() const;
  /// Size of the upright picture.
  cv::Size UprightSize(cv::Size stored) const;
  /// Where a rectangle of the upright picture lies in the stored one.
  cv::Rect StoredRect(cv::Rect upright, cv::Size stored) const;
  /// Turns a stored picture (or the part StoredRect gives) upright.
  void Apply(const cv::Mat& stored, cv::Mat* upright) const;
};

/// From a display matrix in the layout of ISO/IEC 14496-12 (a b u c d v x y w, 16.16 fixed point); none if it
/// is no multiple of a quarter turn.
std::optional<Orientation> OrientationOf(const std::array<int32_t, 9>& matrix);

}  // namespace peekproof::media
