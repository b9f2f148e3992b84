// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::audit {

/// The colour that a pixel shows most of the time when it is free of the caller, in one running look: a
/// majority vote (Boyer and Moore) of colours that are alike, whose winner is averaged. It is right where
/// more than half of the free samples show the wallpaper, however the others come between.
///
/// Memory  7 bytes a pixel. Threads  Rows in parallel; the result does not depend on their number.
class SettledPicture {
 public:
  static constexpr int kBytesPerPixel = 7;

  explicit SettledPicture(cv::Size size) : colour_(size, cv::Vec3w()), votes_(size, uint8_t{0}) {}

  /// In  frame: BGR 8-bit, of the size given. free: 255 where it may be the wallpaper, of that size.
  void Add(const cv::Mat3b& frame, const cv::Mat1b& free);

  /// BGR; undefined where nothing is known.
  cv::Mat3b Colour() const;
  /// 255 where at least two samples more agreed than disagreed.
  cv::Mat1b Known() const;

 private:
  cv::Mat_<cv::Vec3w> colour_;  ///< In 1/256 level.
  cv::Mat1b votes_;
};

}  // namespace peekproof::audit
