// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/caller_finder.h"

#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/check.h"

namespace peekproof::attacks {

CallerFinder::CallerFinder(std::unique_ptr<models::Segmenter> segmenter) : segmenter_(std::move(segmenter)) {
  PEEKPROOF_CHECK(segmenter_ != nullptr, "a network is needed");
}

Result<void> CallerFinder::Find(const cv::Mat3b& bgr, image::AlphaMask* caller) {
  cv::resize(bgr, small_, segmenter_->input_size(), 0, 0, cv::INTER_LINEAR);
  PEEKPROOF_RETURN_IF_ERROR(segmenter_->Segment(small_, &small_caller_));
  cv::resize(small_caller_.values, caller->values, bgr.size(), 0, 0, cv::INTER_LINEAR);
  return {};
}

}  // namespace peekproof::attacks
