// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/key_own_colours.h"

#include <algorithm>

namespace peekproof::testbed {

OwnColours::OwnColours(const cv::Mat3b& ycrcb, const cv::Mat1b& deep, double least_share)
    : cells_(size_t{kSide} * kSide * kSide, 0) {
  std::vector<int> counts(cells_.size(), 0);
  for (int y = 0; y < ycrcb.rows; ++y) {
    const cv::Vec3b* const colours = ycrcb[y];
    const uint8_t* const counted = deep[y];
    for (int x = 0; x < ycrcb.cols; ++x)
      if (counted[x] != 0) ++counts[CellOf(colours[x])];
  }
  const double least = std::max(3.0, least_share * cv::countNonZero(deep));
  for (int y = 0; y < kSide; ++y)
    for (int cr = 0; cr < kSide; ++cr)
      for (int cb = 0; cb < kSide; ++cb)
        if (counts[static_cast<size_t>((y * kSide + cr) * kSide + cb)] >= least) Mark(y, cr, cb);
}

void OwnColours::Mark(int y, int cr, int cb) {
  for (int i = std::max(0, y - 1); i <= std::min(kSide - 1, y + 1); ++i)
    for (int j = std::max(0, cr - 1); j <= std::min(kSide - 1, cr + 1); ++j)
      for (int k = std::max(0, cb - 1); k <= std::min(kSide - 1, cb + 1); ++k)
        cells_[static_cast<size_t>((i * kSide + j) * kSide + k)] = 255;
}

}  // namespace peekproof::testbed
