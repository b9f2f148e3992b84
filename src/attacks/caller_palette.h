// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "image/mask.h"

namespace peekproof::attacks {

/// The colours that the caller has anywhere in the call: what a hand that no network finds, or a rim of hair,
/// is likely to show. A recovered colour that is among them may be the caller's as well as the room's.
///
/// Source  Ours; widens the paper's skin colours (section 4.2) to hair and clothes, and weighs instead of
/// erasing.
class CallerPalette {
 public:
  CallerPalette();

  /// In      frame: BGR 8-bit. caller: second segmentation of the same size. Looks at every fourth pixel of
  /// every
  ///         fourth row that lies well inside the caller (4 % of the frame's height on every side).
  void Add(const cv::Mat3b& frame, const image::AlphaMask& caller);

  /// How much more common a colour (and its neighbours within 8 to 12 levels) is on the caller than if the
  /// caller had all colours alike: 0 never, 1 as by chance, up to about 1000. 0 without a caller.
  float Density(cv::Vec3b bgr) const;

 private:
  static constexpr int kLevels = 32;  ///< Per channel.

  std::vector<uint32_t> counts_;
  uint64_t total_ = 0;
};

}  // namespace peekproof::attacks
