// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/wallpaper_difference.h"

#include <algorithm>

#include "attacks/channel_distance.h"
#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::attacks {
namespace {

PEEKPROOF_VECTOR_CLONES void LargestOfRow(const uint8_t* __restrict a, const uint8_t* __restrict b, int n,
                                          uint8_t* __restrict largest) {
  for (int i = 0; i < n; ++i)
    largest[i] =
        std::max(std::max(ChannelDistance(a[3 * i], b[3 * i]), ChannelDistance(a[3 * i + 1], b[3 * i + 1])),
                 ChannelDistance(a[3 * i + 2], b[3 * i + 2]));
}

}  // namespace

void DifferenceToWallpaper(const cv::Mat3b& frame, const cv::Mat3b& wallpaper, cv::Mat1b* difference) {
  PEEKPROOF_CHECK(frame.size() == wallpaper.size(), "frame {}x{}, wallpaper {}x{}", frame.cols, frame.rows,
                  wallpaper.cols, wallpaper.rows);
  difference->create(frame.size());
  ParallelRows(frame.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      LargestOfRow(frame.ptr(y), wallpaper.ptr(y), frame.cols, difference->ptr(y));
  });
}

}  // namespace peekproof::attacks
