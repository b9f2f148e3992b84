// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/zoomg_verify.h"

#include <cmath>

#include "base/check.h"
#include "image/ciede2000.h"

namespace peekproof::metrics {
namespace {

constexpr float kNearest = 5.06F;
constexpr double kAligned = 0.99;

void CheckSizes(const cv::Mat3b& a, const cv::Mat3b& b) {
  PEEKPROOF_CHECK(a.size() == b.size(), "pictures of {}x{} and {}x{}", a.cols, a.rows, b.cols, b.rows);
}

double Cosine(const cv::Vec3b& a, const cv::Vec3b& b) {
  double dot = 0;
  double length_a = 0;
  double length_b = 0;
  for (int c = 0; c < 3; ++c) {
    dot += double(a[c]) * double(b[c]);
    length_a += double(a[c]) * double(a[c]);
    length_b += double(b[c]) * double(b[c]);
  }
  return length_a == 0 || length_b == 0 ? 1.0 : dot / std::sqrt(length_a * length_b);
}

}  // namespace

ZoomgVerdict ZoomgVerify(const cv::Mat3b& picture, const cv::Mat3b& room, ZoomgComparison comparison) {
  CheckSizes(picture, room);
  ZoomgVerdict verdict;
  if (picture.empty()) return verdict;
  if (comparison == ZoomgComparison::kCiede2000) {
    verdict.right = cv::countNonZero(image::Ciede2000Map(picture, room) < kNearest);
  } else {
    for (int y = 0; y < picture.rows; ++y)
      for (int x = 0; x < picture.cols; ++x)
        verdict.right += Cosine(picture(y, x), room(y, x)) > kAligned ? 1 : 0;
  }
  const auto all = static_cast<int64_t>(picture.total());
  verdict.wrong = all - verdict.right;
  verdict.share = static_cast<double>(verdict.right) / static_cast<double>(all);
  return verdict;
}

int64_t ZoomgChangedPixels(const cv::Mat3b& picture, const cv::Mat3b& wallpaper) {
  CheckSizes(picture, wallpaper);
  int64_t changed = 0;
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x) changed += picture(y, x) != wallpaper(y, x) ? 1 : 0;
  return changed;
}

}  // namespace peekproof::metrics
