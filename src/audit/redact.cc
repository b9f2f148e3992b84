// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/redact.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {

cv::Mat3b BlackOutCaller(const cv::Mat3b& bgr, const image::AlphaMask& caller, const cv::Mat1b& leak) {
  constexpr float kLikelyCaller = 0.5F;
  constexpr double kCollarShare = 0.02;
  const image::BinaryMask body = image::GreaterThan(caller, kLikelyCaller);
  const int collar_px = std::max(3, 2 * static_cast<int>(bgr.rows * kCollarShare) + 1);
  image::BinaryMask hidden = image::Dilate(body, collar_px);
  if (!leak.empty()) hidden.values.setTo(0, leak);
  hidden.values |= body.values;
  cv::Mat3b redacted = bgr.clone();
  redacted.setTo(cv::Scalar::all(0), hidden.values);
  return redacted;
}

}  // namespace peekproof::audit
