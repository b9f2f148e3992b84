// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/downscale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "base/check.h"

namespace peekproof::engines {
namespace {

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

/// Where a target index falls between two source indices: `left` and the one behind it, which weighs
/// `right_weight` of 2048.
struct Place {
  int left;
  int right;
  int right_weight;
};

constexpr int kWeightBits = 11;  // As cv::resize for 8-bit pictures.

Place PlaceOf(int i, int source, int target) {
  const double position = (i + 0.5) * source / target - 0.5;
  const double left = std::floor(position);
  const int right_weight = static_cast<int>(std::lround((position - left) * (1 << kWeightBits)));
  const int index = static_cast<int>(left);
  return {std::clamp(index, 0, source - 1), std::clamp(index + 1, 0, source - 1), right_weight};
}

/// One row of `count` target pixels, whose columns fall at `places`.
void BilinearRow(const cv::Mat3b& frame, const Place& row, const Place* places, int count,
                 cv::Vec3b* target) {
  constexpr int kOne = 1 << kWeightBits;
  constexpr int kHalf = 1 << (2 * kWeightBits - 1);
  const cv::Vec3b* upper = frame[row.left];
  const cv::Vec3b* lower = frame[row.right];
  for (int x = 0; x < count; ++x) {
    const Place& column = places[x];
    for (int c = 0; c < 3; ++c) {
      const int above =
          upper[column.left][c] * (kOne - column.right_weight) + upper[column.right][c] * column.right_weight;
      const int below =
          lower[column.left][c] * (kOne - column.right_weight) + lower[column.right][c] * column.right_weight;
      const int sum = above * (kOne - row.right_weight) + below * row.right_weight;
      target[x][c] = static_cast<uint8_t>((sum + kHalf) >> (2 * kWeightBits));
    }
  }
}

void Bilinear(const cv::Mat3b& frame, cv::Mat3b* scaled) {
  constexpr int kStretch = 256;
  std::array<Place, kStretch> places;
  for (int x = 0; x < scaled->cols; x += kStretch) {
    const int count = std::min(kStretch, scaled->cols - x);
    for (int i = 0; i < count; ++i) places[i] = PlaceOf(x + i, frame.cols, scaled->cols);
    for (int y = 0; y < scaled->rows; ++y) {
      BilinearRow(frame, PlaceOf(y, frame.rows, scaled->rows), places.data(), count, (*scaled)[y] + x);
    }
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
      return Bilinear(frame, scaled);
  }
}

}  // namespace peekproof::engines
