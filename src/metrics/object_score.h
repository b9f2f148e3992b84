// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace peekproof::metrics {

/// An object that a detector found.
struct ObjectBox {
  std::string label;
  cv::Rect2d box;
  double confidence = 0;
};

/// Objects found in a reconstruction against those that the same detector finds in the true room.
struct ObjectScore {
  int matched = 0;
  double recall = 0;     ///< Of the true room's objects; 0 where it has none.
  double precision = 0;  ///< Of the reconstruction's objects; 0 where it has none.
};

/// One to one, the most confident first, each with the true object of its label that it overlaps most, by an
/// intersection over union of at least 0.5.
///
/// Misleads: the detector's own blindness counts for nothing and its fancies in the true room count as
/// objects; a
///         wallpaper or a caller with objects on it lowers precision.
ObjectScore MatchObjects(const std::vector<ObjectBox>& found, const std::vector<ObjectBox>& truth);

}  // namespace peekproof::metrics
