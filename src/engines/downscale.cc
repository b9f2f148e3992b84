// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/downscale.h"

#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "base/check.h"

namespace peekproof::engines {
namespace {

/// Source index under the centre of target index `i`: floor((i + 1/2) source / target), in integers.
int CentreIndex(int i, int source, int target) {
  return static_cast<int>((2 * static_cast<int64_t>(i) + 1) * source / (2 * static_cast<int64_t>(target)));
}

/// Source index under the centre of target index `i`, or the one before where the centre lies between two:
/// ceil((i + 1/2) source / target) - 1.
int IndexBeforeCentre(int i, int source, int target) {
  return static_cast<int>(((2 * static_cast<int64_t>(i) + 1) * source - 1) /
                          (2 * static_cast<int64_t>(target)));
}

void Pick(const cv::Mat3b& frame, int (*index_of)(int i, int source, int target), cv::Mat3b* scaled) {
  for (int y = 0; y < scaled->rows; ++y) {
    const cv::Vec3b* source = frame[index_of(y, frame.rows, scaled->rows)];
    cv::Vec3b* target = (*scaled)[y];
    for (int x = 0; x < scaled->cols; ++x) target[x] = source[index_of(x, frame.cols, scaled->cols)];
  }
}

}  // namespace

void DownscaleFrame(const cv::Mat3b& frame, cv::Size size, Downscale method, cv::Mat3b* scaled) {
  PEEKPROOF_CHECK(!frame.empty() && !size.empty() && frame.data != scaled->data, "{}x{} to {}x{}", frame.cols,
                  frame.rows, size.width, size.height);
  scaled->create(size);
  switch (method) {
    case Downscale::kNearest:
      return Pick(frame, CentreIndex, scaled);
    case Downscale::kPixelated:
      return Pick(frame, IndexBeforeCentre, scaled);
    case Downscale::kBilinear:
      cv::resize(frame, *scaled, size, 0, 0, cv::INTER_LINEAR);
  }
}

}  // namespace peekproof::engines
