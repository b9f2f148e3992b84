// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/key_mask.h"

#include <algorithm>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace peekproof::testbed {
namespace {

/// Drops parts that are small beside the largest one.
void DropSmallParts(float least_part, cv::Mat1b* person) {
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centroids;
  const int count = cv::connectedComponentsWithStats(*person, labels, stats, centroids, 8);
  int largest = 0;
  for (int label = 1; label < count; ++label) largest = std::max(largest, stats(label, cv::CC_STAT_AREA));
  const float least = least_part * static_cast<float>(largest);
  std::vector<uint8_t> kept(static_cast<size_t>(count), 0);
  for (int label = 1; label < count; ++label)
    kept[static_cast<size_t>(label)] = static_cast<float>(stats(label, cv::CC_STAT_AREA)) >= least ? 255 : 0;
  for (int y = 0; y < labels.rows; ++y) {
    const int* const label = labels[y];
    uint8_t* const row = (*person)[y];
    for (int x = 0; x < labels.cols; ++x) row[x] = kept[static_cast<size_t>(label[x])];
  }
}

/// Fills what is closed in by the person, and marks it.
void FillHoles(float largest_hole, cv::Mat1b* person, cv::Mat1b* filled) {
  cv::Mat1b padded;
  cv::copyMakeBorder(*person, padded, 0, 1, 0, 0, cv::BORDER_CONSTANT, cv::Scalar(255));
  const cv::Mat1b outside(255 - padded);
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centroids;
  const int count = cv::connectedComponentsWithStats(outside, labels, stats, centroids, 4);
  const double most = static_cast<double>(largest_hole) * static_cast<double>(person->total());
  std::vector<uint8_t> is_filled(static_cast<size_t>(count), 0);
  for (int label = 1; label < count; ++label) {
    const int* const stat = stats[label];
    const bool touches = stat[cv::CC_STAT_TOP] == 0 || stat[cv::CC_STAT_LEFT] == 0 ||
                         stat[cv::CC_STAT_LEFT] + stat[cv::CC_STAT_WIDTH] == person->cols;
    is_filled[static_cast<size_t>(label)] = !touches && stat[cv::CC_STAT_AREA] <= most ? 255 : 0;
  }
  for (int y = 0; y < person->rows; ++y) {
    const int* const label = labels[y];
    uint8_t* const row = (*person)[y];
    uint8_t* const mark = (*filled)[y];
    for (int x = 0; x < person->cols; ++x) {
      mark[x] = is_filled[static_cast<size_t>(label[x])];
      row[x] |= mark[x];
    }
  }
}

}  // namespace

cv::Rect PixelsOf(const cv::Rect2d& box, cv::Size size) {
  const cv::Rect pixels(cvFloor(box.x * size.width), cvFloor(box.y * size.height),
                        cvCeil(box.width * size.width), cvCeil(box.height * size.height));
  return pixels & cv::Rect({0, 0}, size);
}

KeyMask FindPerson(const cv::Mat1f& distance, const KeyOptions& options) {
  KeyMask mask;
  mask.person = distance > options.high;
  for (const cv::Rect2d& box : options.drop) mask.person(PixelsOf(box, distance.size())).setTo(0);
  const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
  cv::morphologyEx(mask.person, mask.person, cv::MORPH_OPEN, square);
  for (const cv::Rect2d& box : options.keep) mask.person(PixelsOf(box, distance.size())).setTo(255);
  DropSmallParts(options.least_part, &mask.person);
  mask.sure.create(distance.size());
  FillHoles(options.largest_hole, &mask.person, &mask.sure);
  // A hole's soft edge is inside, too; but gaps in hair, near the outline, do show the backdrop.
  const int margin = std::max(3, cvRound(distance.rows / 120.0) + 1);
  const cv::Mat wide = cv::getStructuringElement(cv::MORPH_RECT, {2 * margin + 1, 2 * margin + 1});
  cv::Mat1b inside;
  cv::erode(mask.person, inside, wide);
  cv::dilate(mask.sure & inside, mask.sure, wide);
  mask.sure &= inside;
  for (const cv::Rect2d& box : options.keep) {
    mask.person(PixelsOf(box, distance.size())).setTo(255);  // However small a part it is.
    mask.sure(PixelsOf(box, distance.size())).setTo(255);
  }
  return mask;
}

}  // namespace peekproof::testbed
