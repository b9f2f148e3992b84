// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/settled_picture.h"

#include <algorithm>
#include <cstdlib>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::audit {
namespace {

constexpr int kSteps = 256;     // Steps of a level.
constexpr int kOneColour = 16;  // Levels by which samples of one colour may differ, in each channel.
constexpr uint8_t kMostVotes = 255;

int LargestDistance(const cv::Vec3b& sample, const cv::Vec3w& colour) {
  int largest = 0;
  for (int c = 0; c < 3; ++c) largest = std::max(largest, std::abs(kSteps * sample[c] - colour[c]));
  return largest;
}

void Vote(const cv::Vec3b& sample, cv::Vec3w* colour, uint8_t* votes) {
  if (*votes == 0) {
    for (int c = 0; c < 3; ++c) (*colour)[c] = static_cast<uint16_t>(kSteps * sample[c]);
    *votes = 1;
    return;
  }
  if (LargestDistance(sample, *colour) > kOneColour * kSteps) {
    --*votes;
    return;
  }
  if (*votes < kMostVotes) ++*votes;
  for (int c = 0; c < 3; ++c) {
    const int away = kSteps * sample[c] - (*colour)[c];
    (*colour)[c] = static_cast<uint16_t>((*colour)[c] + away / *votes);
  }
}

}  // namespace

void SettledPicture::Add(const cv::Mat3b& frame, const cv::Mat1b& free) {
  PEEKPROOF_CHECK(frame.size() == votes_.size() && free.size() == votes_.size(), "sizes differ");
  ParallelRows(frame.rows, [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      const uchar* may_be = free[y];
      for (int x = 0; x < frame.cols; ++x)
        if (may_be[x] != 0) Vote(frame(y, x), &colour_(y, x), &votes_(y, x));
    }
  });
}

cv::Mat3b SettledPicture::Colour() const {
  cv::Mat3b colour;
  colour_.convertTo(colour, CV_8U, 1.0 / kSteps);
  return colour;
}

cv::Mat1b SettledPicture::Known() const {
  cv::Mat1b known;
  cv::compare(votes_, 2, known, cv::CMP_GE);
  return known;
}

}  // namespace peekproof::audit
