// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/room_average.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {

cv::Mat1b AveragedRoom::Known(int least) const {
  cv::Mat1b known;
  cv::compare(frames, static_cast<double>(least), known, cv::CMP_GE);
  return known;
}

RoomAverage::RoomAverage(cv::Size size)
    : sum_(size, cv::Vec3f::all(0)),
      green_squares_(size, 0.0F),
      green_sum_(size, 0.0F),
      first_green_(size, uint8_t{0}),
      frames_(size, 0.0F) {}

void RoomAverage::Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded) {
  PEEKPROOF_CHECK(bgr.size() == sum_.size() && excluded.size() == sum_.size(), "sizes differ");
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        if (excluded(y, x) != 0) continue;
        const cv::Vec3b& pixel = bgr(y, x);
        if (frames_(y, x) == 0) first_green_(y, x) = pixel[1];
        const float step = static_cast<float>(pixel[1]) - static_cast<float>(first_green_(y, x));
        sum_(y, x) += cv::Vec3f(pixel[0], pixel[1], pixel[2]);
        green_sum_(y, x) += step;
        green_squares_(y, x) += step * step;
        frames_(y, x) += 1;
      }
    }
  });
}

AveragedRoom RoomAverage::Finish() const {
  constexpr float kMany = 8;  // Frames from which a pixel tells of noise.
  AveragedRoom room{.mean = cv::Mat3f(sum_.size(), cv::Vec3f::all(0)), .frames = frames_.clone()};
  double variance = 0;
  int64_t pixels = 0;
  for (int y = 0; y < sum_.rows; ++y) {
    for (int x = 0; x < sum_.cols; ++x) {
      const float frames = frames_(y, x);
      if (frames == 0) continue;
      room.mean(y, x) = sum_(y, x) / frames;
      if (frames < kMany) continue;
      const double mean = green_sum_(y, x) / frames;
      variance += std::max(0.0, green_squares_(y, x) / frames - mean * mean) * frames / (frames - 1);
      ++pixels;
    }
  }
  room.frame_noise = pixels > 0 ? std::sqrt(variance / static_cast<double>(pixels)) : 0.0;
  return room;
}

}  // namespace peekproof::attacks
