// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/room_light.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/parallel.h"
#include "testbed/option_texts.h"

namespace peekproof::testbed {
namespace {

using Colour = std::array<float, 3>;

constexpr float kLeast = 0.5F;
constexpr float kMost = 2.0F;

Colour MeanOf(const cv::Mat3f& picture) {
  const cv::Scalar mean = cv::mean(picture);
  return {static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2])};
}

float Limited(float ratio, float exponent) {
  return std::clamp(std::pow(std::max(ratio, 1e-6F), exponent), kLeast, kMost);
}

Colour GainsOf(const RoomLight& room, const Colour& half, float caller_luminance,
               const LightOptions& options) {
  Colour gains{};
  for (int c = 0; c < 3; ++c) {
    const float follow = Limited(room.mean[c] / caller_luminance, options.follow);
    const float gradient = Limited(half[c] / std::max(room.mean[c], 1e-6F), options.gradient);
    gains[c] = std::clamp(follow * gradient, kLeast, kMost);
  }
  return gains;
}

}  // namespace

RoomLight MeasureRoomLight(const cv::Mat3f& room_linear) {
  PEEKPROOF_CHECK(!room_linear.empty(), "no room to measure");
  // The middle column of an odd width belongs to both halves.
  const int half = (room_linear.cols + 1) / 2;
  return {MeanOf(room_linear), MeanOf(room_linear.colRange(0, half)),
          MeanOf(room_linear.colRange(room_linear.cols - half, room_linear.cols))};
}

std::array<float, 3> MeanCallerColour(const cv::Mat4f& premultiplied) {
  const cv::Scalar sum = cv::sum(premultiplied);
  if (!(sum[3] > 0)) return {0.2F, 0.2F, 0.2F};
  return {static_cast<float>(sum[0] / sum[3]), static_cast<float>(sum[1] / sum[3]),
          static_cast<float>(sum[2] / sum[3])};
}

Result<void> LightOptions::Validate() const {
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("light", "follow", follow));
  return CheckShare("light", "gradient", gradient);
}

LightGains FollowRoom(const RoomLight& room, const std::array<float, 3>& caller_mean,
                      const LightOptions& options) {
  const float luminance = 0.0722F * caller_mean[0] + 0.7152F * caller_mean[1] + 0.2126F * caller_mean[2];
  const float caller_luminance = std::max(luminance, 1e-4F);
  return {GainsOf(room, room.left, caller_luminance, options),
          GainsOf(room, room.right, caller_luminance, options)};
}

void ApplyLight(const LightGains& gains, cv::Mat4f* premultiplied) {
  const auto width = static_cast<float>(premultiplied->cols);
  ParallelRows(premultiplied->rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      cv::Vec4f* const row = (*premultiplied)[y];
      for (int x = 0; x < premultiplied->cols; ++x) {
        const float at = (static_cast<float>(x) + 0.5F) / width;
        const float share = std::clamp(2.0F * (at - 0.25F), 0.0F, 1.0F);
        for (int c = 0; c < 3; ++c) row[x][c] *= gains.left[c] + (gains.right[c] - gains.left[c]) * share;
      }
    }
  });
}

}  // namespace peekproof::testbed
