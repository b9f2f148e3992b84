// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "testbed/caller_march.h"
#include "testbed/caller_shade.h"
#include "testbed/caller_strands.h"

namespace peekproof::testbed {
namespace {

float Brightness(const cv::Vec4f& pixel) { return pixel[0] + pixel[1] + pixel[2]; }

/// Rounds off the stairs where one surface ends before another: a pixel inside the caller that differs from
/// a neighbour takes half its colour from around. Alpha stays as it is.
void SoftenInnerEdges(const cv::Mat4f& traced, int first_row, int end_row, cv::Mat4f* out) {
  constexpr float kStair = 0.06F;
  for (int y = first_row; y < end_row; ++y) {
    const cv::Vec4f* const above = traced[std::max(y - 1, 0)];
    const cv::Vec4f* const here = traced[y];
    const cv::Vec4f* const below = traced[std::min(y + 1, traced.rows - 1)];
    cv::Vec4f* const row = (*out)[y];
    for (int x = 0; x < traced.cols; ++x) {
      row[x] = here[x];
      const cv::Vec4f around[4] = {above[x], below[x], here[std::max(x - 1, 0)],
                                   here[std::min(x + 1, traced.cols - 1)]};
      cv::Vec4f sum(0, 0, 0, 0);
      float step = 0;
      for (const cv::Vec4f& pixel : around) {
        sum += pixel;
        step = std::max(step, std::abs(Brightness(pixel) - Brightness(here[x])));
      }
      if (step > kStair && here[x][3] >= 1.0F && sum[3] >= 4.0F)
        for (int c = 0; c < 3; ++c) row[x][c] = 0.5F * here[x][c] + 0.125F * sum[c];
    }
  }
}

}  // namespace

void RenderCaller(const CallerLook& look, const CallerPose& pose, cv::Size size, cv::Mat4f* premultiplied) {
  PEEKPROOF_CHECK(size.width > 0 && size.height > 0, "picture of {} x {}", size.width, size.height);
  premultiplied->create(size);
  cv::Mat4f traced(size);
  const CallerRig rig = MakeRig(look, pose);
  const Pinhole camera = Pinhole::ForSize(size.width, size.height);
  ParallelRows(size.height, [&](int first_row, int end_row) {
    traced.rowRange(first_row, end_row).setTo(cv::Scalar::all(0));
    TileHits hits;
    for (int top = first_row; top < end_row; top += kTileSide) {
      for (int left = 0; left < size.width; left += kTileSide) {
        uint32_t parts = 0;
        TraceTile(rig, camera, left, top, &hits, &parts);
        ShadeTile(rig, camera, hits, parts, &traced);
      }
    }
  });
  const std::vector<Strand> strands = PlaceStrands(rig, camera);
  ParallelRows(size.height, [&](int first_row, int end_row) {
    SoftenInnerEdges(traced, first_row, end_row, premultiplied);
    DrawStrands(strands, first_row, end_row, premultiplied);
  });
}

}  // namespace peekproof::testbed
