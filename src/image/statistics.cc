// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/statistics.h"

#include <algorithm>
#include <cstdlib>

#include "base/check.h"

namespace peekproof::image {

StaticModelMeter::StaticModelMeter(cv::Size size, int tolerance, int step_px)
    : size_(size), tolerance_(tolerance), step_px_(step_px) {
  PEEKPROOF_CHECK(step_px >= 1 && tolerance >= 0, "step {}, tolerance {}", step_px, tolerance);
  const cv::Size grid((size.width + step_px - 1) / step_px, (size.height + step_px - 1) / step_px);
  seen_ = cv::Mat1i(grid, 0);
  equal_ = cv::Mat1i(grid, 0);
}

void StaticModelMeter::Add(const cv::Mat3b& bgr, const cv::Mat3b& picture, const cv::Mat1b& caller) {
  PEEKPROOF_CHECK(bgr.size() == size_ && picture.size() == size_, "frame or picture of another size");
  PEEKPROOF_CHECK(caller.empty() || caller.size() == size_, "caller of another size");
  for (int row = 0; row < seen_.rows; ++row) {
    const int y = row * step_px_;
    for (int column = 0; column < seen_.cols; ++column) {
      const int x = column * step_px_;
      if (!caller.empty() && caller(y, x) != 0) continue;
      int largest = 0;
      for (int c = 0; c < 3; ++c) largest = std::max(largest, std::abs(bgr(y, x)[c] - picture(y, x)[c]));
      ++seen_(row, column);
      equal_(row, column) += largest <= tolerance_ ? 1 : 0;
      deviation_ += largest;
    }
  }
}

StaticModelFit StaticModelMeter::Fit() const {
  StaticModelFit fit;
  fit.within = cv::Mat1f(seen_.size(), -1.0F);
  int64_t equal = 0;
  for (int row = 0; row < seen_.rows; ++row) {
    for (int column = 0; column < seen_.cols; ++column) {
      if (seen_(row, column) == 0) continue;
      fit.samples += seen_(row, column);
      equal += equal_(row, column);
      fit.within(row, column) =
          static_cast<float>(equal_(row, column)) / static_cast<float>(seen_(row, column));
    }
  }
  if (fit.samples == 0) return fit;
  fit.share = static_cast<double>(equal) / static_cast<double>(fit.samples);
  fit.mean_deviation = static_cast<double>(deviation_) / static_cast<double>(fit.samples);
  return fit;
}

}  // namespace peekproof::image
