// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/orientation.h"

#include <cstdlib>
#include <utility>

namespace peekproof::media {

int Orientation::RotationDegrees() const {
  // Undo the mirroring, if any: an odd number of reflections.
  const bool mirrored = transpose ^ flip_x ^ flip_y;
  const bool right = flip_x != mirrored;
  if (transpose) return right ? 90 : 270;
  return flip_y ? 180 : 0;
}

cv::Size Orientation::UprightSize(cv::Size stored) const {
  return transpose ? cv::Size(stored.height, stored.width) : stored;
}

cv::Rect Orientation::StoredRect(cv::Rect upright, cv::Size stored) const {
  const cv::Size size = UprightSize(stored);
  if (flip_x) upright.x = size.width - upright.x - upright.width;
  if (flip_y) upright.y = size.height - upright.y - upright.height;
  if (transpose) {
    std::swap(upright.x, upright.y);
    std::swap(upright.width, upright.height);
  }
  return upright;
}

void Orientation::Apply(const cv::Mat& stored, cv::Mat* upright) const {
  if (is_identity()) {
    stored.copyTo(*upright);
    return;
  }
  const int flip_code = flip_x && flip_y ? -1 : flip_x ? 1 : 0;
  if (!transpose) {
    cv::flip(stored, *upright, flip_code);
    return;
  }
  cv::transpose(stored, *upright);
  if (flip_x || flip_y) cv::flip(*upright, *upright, flip_code);
}

std::optional<Orientation> OrientationOf(const std::array<int32_t, 9>& matrix) {
  // (x, y) goes to (a x + c y, b x + d y).
  const int64_t a = matrix[0];
  const int64_t b = matrix[1];
  const int64_t c = matrix[3];
  const int64_t d = matrix[4];
  constexpr int64_t kTolerance = 64;  // 1/1024 in 16.16.
  const auto zero = [](int64_t value) { return std::abs(value) <= kTolerance; };
  if (zero(b) && zero(c) && !zero(a) && !zero(d)) {
    return Orientation{.transpose = false, .flip_x = a < 0, .flip_y = d < 0};
  }
  if (zero(a) && zero(d) && !zero(b) && !zero(c)) {
    return Orientation{.transpose = true, .flip_x = c < 0, .flip_y = b < 0};
  }
  return std::nullopt;
}

}  // namespace peekproof::media
