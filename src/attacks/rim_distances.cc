// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/rim_distances.h"

#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::attacks {
namespace {

/// Every second pixel of a row: 255 where it differs by the limit or more, and where the caller is.
PEEKPROOF_VECTOR_CLONES void HalfRow(const uint8_t* __restrict difference, const float* __restrict limit,
                                     const float* __restrict caller, int n, uint8_t* __restrict differs,
                                     uint8_t* __restrict inside) {
  for (int x = 0; x < n; ++x) {
    differs[x] = static_cast<float>(difference[2 * x]) >= limit[2 * x] ? uint8_t{255} : uint8_t{0};
    inside[x] = caller[2 * x] > 0.5F ? uint8_t{255} : uint8_t{0};
  }
}

/// Distance of each pixel of a mask to the nearest one outside, 0 there. Only where the mask is: beyond its
/// bounds nothing is nearer than their margin.
void DistanceInside(const cv::Mat1b& mask, cv::Mat1f* distance) {
  distance->create(mask.size());
  distance->setTo(0);
  cv::Rect bounds = cv::boundingRect(mask);
  if (bounds.empty()) return;
  bounds =
      cv::Rect(bounds.x - 1, bounds.y - 1, bounds.width + 2, bounds.height + 2) & cv::Rect({}, mask.size());
  cv::Mat1f part((*distance)(bounds));
  cv::distanceTransform(mask(bounds), part, cv::DIST_L2, 3);
}

}  // namespace

void RimDistances::Update(const image::AlphaMask& caller, const cv::Mat1b& difference,
                          const cv::Mat1f& noise_limit) {
  const cv::Size half((difference.cols + 1) / 2, (difference.rows + 1) / 2);
  differs_.create(half);
  caller_.create(half);
  ParallelRows(half.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      HalfRow(difference.ptr(2 * y), noise_limit[2 * y], caller.values[2 * y], half.width, differs_.ptr(y),
              caller_.ptr(y));
  });
  cv::medianBlur(differs_, differs_, 3);
  DistanceInside(differs_, &depth_);
  const double scale = 2 * 720.0 / difference.rows;
  depth_ *= scale;
  DistanceInside(caller_, &inside_);
  cv::distanceTransform(cv::Mat1b(255 - caller_), outline_, cv::DIST_L2, 3);
  outline_ = scale * (outline_ - inside_);
}

}  // namespace peekproof::attacks
