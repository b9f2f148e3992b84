// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/stack_blur.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/check.h"

namespace peekproof::engines {
namespace {

/// The weighted sum moves on by one pixel when the pixels right of the centre are added once and those up to
/// the centre are taken off once.
void BlurRow(const uint8_t* padded, int radius, int count, uint8_t* blurred) {
  const int side = radius + 1;
  int sum = 0;
  int left = 0;   // Sum of the centre and the pixels left of it under the kernel.
  int right = 0;  // Sum of the `side` pixels right of the centre.
  for (int k = -radius; k <= radius; ++k) sum += (side - std::abs(k)) * padded[radius + k];
  for (int k = 0; k <= radius; ++k) {
    left += padded[k];
    right += padded[radius + 1 + k];
  }
  for (int x = 0; x < count; ++x) {
    blurred[x] = static_cast<uint8_t>(sum / (side * side));
    sum += right - left;
    left += padded[x + side] - padded[x];
    right += padded[x + 2 * side] - padded[x + side];
  }
}

}  // namespace

StackBlur::StackBlur(int radius) : radius_(radius) { PEEKPROOF_CHECK(radius >= 0, "radius {}", radius); }

void StackBlur::BlurRows(const cv::Mat1b& source, cv::Mat1b* target) {
  target->create(source.size());
  // One pixel more on the right than the kernel reaches, for the step behind the last pixel.
  padded_.resize(std::max(padded_.size(), static_cast<size_t>(source.cols + 2 * radius_ + 2)));
  for (int y = 0; y < source.rows; ++y) {
    const uint8_t* row = source.ptr(y);
    std::fill_n(padded_.begin(), radius_, row[0]);
    std::copy_n(row, source.cols, padded_.begin() + radius_);
    std::fill_n(padded_.begin() + radius_ + source.cols, radius_ + 2, row[source.cols - 1]);
    BlurRow(padded_.data(), radius_, source.cols, target->ptr(y));
  }
}

void StackBlur::Apply(cv::Mat1b* picture) {
  if (picture->empty()) return;
  BlurRows(*picture, &rows_);
  cv::transpose(rows_, columns_);
  BlurRows(columns_, &rows_);
  cv::transpose(rows_, *picture);
}

}  // namespace peekproof::engines
