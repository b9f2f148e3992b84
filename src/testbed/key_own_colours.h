// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::testbed {

/// Colours that are a person's own although they have the backdrop's hue: a blue shirt before a blue screen.
/// Whatever is deep inside the person, where no backdrop shines through, is theirs; so is its like elsewhere.
/// Colours are counted in cells of 8 steps, and a cell's neighbours count as like it.
class OwnColours {
 public:
  /// In      ycrcb: 8 bits. deep: 255 where to count, the same size. least_share: of the counted pixels,
  /// which
  ///         a cell must have to count.
  OwnColours(const cv::Mat3b& ycrcb, const cv::Mat1b& deep, double least_share);

  bool Has(const cv::Vec3b& ycrcb) const { return cells_[CellOf(ycrcb)] != 0; }

 private:
  static constexpr int kSide = 32;
  static size_t CellOf(const cv::Vec3b& ycrcb) {
    return (static_cast<size_t>(ycrcb[0] >> 3) * kSide + static_cast<size_t>(ycrcb[1] >> 3)) * kSide +
           static_cast<size_t>(ycrcb[2] >> 3);
  }
  void Mark(int y, int cr, int cb);

  std::vector<uint8_t> cells_;
};

}  // namespace peekproof::testbed
