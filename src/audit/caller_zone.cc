// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/caller_zone.h"

#include <opencv2/imgproc.hpp>

namespace peekproof::audit {

cv::Mat1b FarFromCaller(const image::AlphaMask& caller, float above, int reach, cv::Size size) {
  cv::Mat1b near = image::GreaterThan(caller, above).values;
  cv::dilate(near, near, cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1}));
  cv::Mat1b far;
  cv::bitwise_not(near, far);
  cv::resize(far, far, size, 0, 0, cv::INTER_NEAREST);
  return far;
}

}  // namespace peekproof::audit
