// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "attacks/wallpaper.h"

namespace peekproof::attacks {

/// How far a pixel's colour is from the wallpaper's, by two thresholds of CIEDE2000.
enum class ColourClass : uint8_t {
  kNear = 0,     ///< Below the lower threshold, or skipped.
  kBetween = 1,  ///< From the lower threshold on, below the upper one.
  kFar = 2,      ///< From the upper threshold on.
};

/// Bound on CIEDE2000 of two sRGB colours whose channels differ by at most `largest`, by amounts that lie
/// within `spread` of each other (0: the same shift of all channels). Infinity beyond 5 and 3.
///
/// Source  Found by trying all 2^24 colours with all such differences (the disabled test of this unit repeats
///         it). It is hue, not lightness, that makes small differences large: dark colours one apart in each
///         channel, but in opposite directions, are already 2.45 apart.
float LargestDifference(int largest, int spread);

/// Classifies the pixels of a frame. Most pixels of a recording are the wallpaper's up to codec noise: they
/// are recognised by LargestDifference on their channels; only the rest goes through CIEDE2000, packed so
/// that it runs in whole vectors. Not thread-safe: keeps buffers.
class ColourClassifier {
 public:
  /// 0 < near_below <= far_from, CIEDE2000.
  ColourClassifier(float near_below, float far_from);

  /// In      frame: size of the wallpaper. skip: 255 where the answer does not matter; same size.
  /// Out     classes: ColourClass of each pixel, kNear where skipped. Within kCiede2000RowError of a
  ///         threshold either side may come out.
  void Classify(const cv::Mat3b& frame, const Wallpaper& wallpaper, const cv::Mat1b& skip,
                cv::Mat1b* classes);

 private:
  void ClassifyRow(const uint8_t* frame, const Wallpaper& wallpaper, int y, const uint8_t* skip,
                   uint8_t* classes);

  float near_below_;
  float far_from_;
  std::vector<uint8_t> split_;  ///< The frame row in three planes.
  std::vector<uint8_t> needed_;
  std::vector<int> columns_;
  std::vector<uint8_t> colours_;
  std::vector<float> planes_;  ///< Seven rows: Lab of the frame, Lab of the wallpaper, the difference.
};

}  // namespace peekproof::attacks
