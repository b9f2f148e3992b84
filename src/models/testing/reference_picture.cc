// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/testing/reference_picture.h"

#include <cstdint>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

namespace peekproof::models::testing {
namespace {

int Noise(int x, int y) {
  const uint32_t mixed = (static_cast<uint32_t>(x) * 73856093U) ^ (static_cast<uint32_t>(y) * 19349663U);
  return static_cast<int>((mixed >> 7U) & 15U);
}

bool InEllipse(int u, int v, int centre_u, int centre_v, int radius_u, int radius_v) {
  const int du = (u - centre_u) * radius_v;
  const int dv = (v - centre_v) * radius_u;
  return du * du + dv * dv <= radius_u * radius_u * radius_v * radius_v;
}

/// Red, green, blue at (u, v), both in 0..255.
cv::Vec3i Colour(int u, int v) {
  if (InEllipse(u, v, 112, 88, 5, 4) || InEllipse(u, v, 144, 88, 5, 4)) return {40, 30, 30};
  if (InEllipse(u, v, 128, 118, 14, 4)) return {150, 60, 60};
  if (InEllipse(u, v, 128, 60, 40, 26) && v < 62) return {50, 35, 25};
  if (InEllipse(u, v, 128, 92, 36, 50)) {
    const int shade = std::abs(u - 128);
    return {215 - shade, 165 - shade, 140 - shade};
  }
  if (InEllipse(u, v, 128, 150, 18, 30)) return {190, 140, 115};
  if (InEllipse(u, v, 128, 262, 104, 106)) return {45 + v / 8, 70, 130 - u / 8};
  const int tile = (u / 32 + v / 32) % 2;
  return {120 + u / 4 + 20 * tile, 150 - v / 4, 90 + (u + v) / 8};
}

}  // namespace

cv::Mat3b ReferencePictureRgb(int width, int height) {
  cv::Mat3b picture(height, width);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const cv::Vec3i rgb = Colour(x * 256 / width, y * 256 / height);
      const int noise = Noise(x, y);
      for (int c = 0; c < 3; ++c) picture(y, x)[c] = static_cast<uint8_t>(rgb[c] + noise);
    }
  }
  return picture;
}

cv::Mat3b ReferencePictureBgr(int width, int height) {
  cv::Mat3b bgr;
  cv::cvtColor(ReferencePictureRgb(width, height), bgr, cv::COLOR_RGB2BGR);
  return bgr;
}

}  // namespace peekproof::models::testing
