// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/cutout_shape.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::testbed {
namespace {

/// Width and middle of the person in each row, from the mean matte, which is steady where the person moves.
struct Rows {
  std::vector<double> width;
  std::vector<double> middle;
};

Rows RowsOf(const cv::Mat1f& alpha) {
  Rows rows;
  for (int y = 0; y < alpha.rows; ++y) {
    double width = 0;
    double moment = 0;
    for (int x = 0; x < alpha.cols; ++x) {
      width += static_cast<double>(alpha(y, x));
      moment += static_cast<double>(alpha(y, x)) * (x + 0.5);
    }
    rows.width.push_back(width);
    rows.middle.push_back(width > 0 ? moment / width : 0.5 * alpha.cols);
  }
  return rows;
}

/// The neck is narrower than the head above it and than the shoulders below it. Without such a place (long
/// hair, a scarf) the head is taken to be as high as 1.35 times its width.
double NeckOf(const Rows& rows, int top, int bottom) {
  constexpr double kNarrower = 0.9;
  const int last = top + (bottom - top) * 7 / 10;
  double widest = 0;
  int narrowest = -1;
  for (int y = top; y < last; ++y) {
    const double width = rows.width[static_cast<size_t>(y)];
    widest = narrowest < 0 ? std::max(widest, width) : widest;
    const bool below_the_widest = width < kNarrower * widest && y > top + (bottom - top) / 10;
    if (below_the_widest && (narrowest < 0 || width < rows.width[static_cast<size_t>(narrowest)]))
      narrowest = y;
    // Shoulders: far wider than the narrowest place so far.
    if (narrowest >= 0 && width > 1.3 * rows.width[static_cast<size_t>(narrowest)]) return narrowest;
  }
  double head = 0;
  for (int y = top; y < top + (bottom - top) / 4; ++y)
    head = std::max(head, rows.width[static_cast<size_t>(y)]);
  return std::min<double>(last, top + 1.35 * head);
}

}  // namespace

CutoutShape ShapeOf(const std::vector<cv::Mat1f>& alphas) {
  CutoutShape shape;
  if (alphas.empty()) return shape;
  cv::Mat1f mean(alphas[0].size(), 0.0F);
  cv::Mat1b ever(alphas[0].size(), uint8_t{0});
  for (const cv::Mat1f& alpha : alphas) {
    mean += alpha * (1.0 / static_cast<double>(alphas.size()));
    ever |= alpha > 0.5F;
  }
  const cv::Rect box = cv::boundingRect(ever);
  shape.box = box;
  if (box.empty()) return shape;
  shape.meets_bottom = box.y + box.height >= mean.rows - 1;
  const Rows rows = RowsOf(mean);
  shape.neck_y = NeckOf(rows, box.y, box.y + box.height);
  const auto middle = static_cast<size_t>((box.y + shape.neck_y) / 2);
  shape.head_x = rows.middle[middle];
  shape.head_half_width = std::max(1.0, rows.width[middle] / 2);
  return shape;
}

}  // namespace peekproof::testbed
