// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/room_average.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

constexpr float kFirstVariance = 4;
constexpr float kRounding = 0.1F;

}  // namespace

cv::Mat1b AveragedRoom::Known(int least) const {
  cv::Mat1b known;
  cv::compare(frames, static_cast<double>(least), known, cv::CMP_GE);
  return known;
}

RoomAverage::RoomAverage(cv::Size size, FrameWeights weights)
    : sum_(size, cv::Vec3f::all(0)),
      weight_(weights == FrameWeights::kByNoise ? cv::Mat1f(size, 0.0F) : cv::Mat1f()),
      green_squares_(size, 0.0F),
      green_sum_(size, 0.0F),
      first_green_(size, uint8_t{0}),
      frames_(size, 0.0F) {}

cv::Mat1f RoomAverage::WeightsOf(const cv::Mat3b& bgr, const cv::Mat1b& excluded) const {
  cv::Mat1f squares(bgr.size(), 0.0F);
  cv::Mat1f own(bgr.size(), 0.0F);
  cv::Mat1f compared(bgr.size(), 0.0F);
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        if (excluded(y, x) != 0 || frames_(y, x) == 0) continue;
        const cv::Vec3f off = cv::Vec3f(bgr(y, x)) - sum_(y, x) / weight_(y, x);
        squares(y, x) = off.dot(off) / 3;
        own(y, x) = 1 / weight_(y, x);  // That of a mean with weights of inverse variances.
        compared(y, x) = 1;
      }
    }
  });
  const int side = std::max(3, bgr.rows / 24 | 1);
  for (cv::Mat1f* sums : {&squares, &own, &compared})
    cv::boxFilter(*sums, *sums, CV_32F, {side, side}, {-1, -1}, false);
  cv::Mat1f weights(bgr.size());
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        const float rest = std::max(squares(y, x) - own(y, x), 0.5F * squares(y, x));
        weights(y, x) = 1 / (compared(y, x) < 0.5F ? kFirstVariance : rest / compared(y, x) + kRounding);
      }
    }
  });
  return weights;
}

void RoomAverage::Add(const cv::Mat3b& bgr, const cv::Mat1b& excluded) {
  PEEKPROOF_CHECK(bgr.size() == sum_.size() && excluded.size() == sum_.size(), "sizes differ");
  const bool is_weighted = !weight_.empty();
  const cv::Mat1f weights = is_weighted ? WeightsOf(bgr, excluded) : cv::Mat1f();
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        if (excluded(y, x) != 0) continue;
        const cv::Vec3b& pixel = bgr(y, x);
        if (frames_(y, x) == 0) first_green_(y, x) = pixel[1];
        const float step = static_cast<float>(pixel[1]) - static_cast<float>(first_green_(y, x));
        const float weight = is_weighted ? weights(y, x) : 1.0F;
        sum_(y, x) += weight * cv::Vec3f(pixel[0], pixel[1], pixel[2]);
        if (is_weighted) weight_(y, x) += weight;
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
      room.mean(y, x) = sum_(y, x) / (weight_.empty() ? frames : weight_(y, x));
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
