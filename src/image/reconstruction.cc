// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/reconstruction.h"

namespace peekproof::image {

Reconstruction Reconstruction::Absent(cv::Size size) {
  Reconstruction result;
  result.bgr = cv::Mat3b(size, cv::Vec3b(0, 0, 0));
  result.confidence = cv::Mat1f(size, 0.0F);
  result.evidence = cv::Mat_<uint16_t>(size, uint16_t{0});
  result.first_seen_s = cv::Mat1f(size, 0.0F);
  result.last_seen_s = cv::Mat1f(size, 0.0F);
  return result;
}

cv::Mat1b Reconstruction::Present() const { return cv::Mat1b(evidence > 0); }

void Reconstruction::Forget(const cv::Mat1b& where) {
  confidence.setTo(0, where);
  evidence.setTo(0, where);
}

}  // namespace peekproof::image
