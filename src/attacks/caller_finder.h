// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "base/result.h"
#include "image/mask.h"
#include "models/segmenter.h"

namespace peekproof::attacks {

/// Finds the caller in recorded frames with a segmentation network of any input size. Not thread-safe.
class CallerFinder {
 public:
  explicit CallerFinder(std::unique_ptr<models::Segmenter> segmenter);

  /// Out     caller: probability, of the frame's size; reused. Errors  the network's.
  Result<void> Find(const cv::Mat3b& bgr, image::AlphaMask* caller);

 private:
  std::unique_ptr<models::Segmenter> segmenter_;
  cv::Mat3b small_;
  image::AlphaMask small_caller_;
};

}  // namespace peekproof::attacks
