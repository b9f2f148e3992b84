// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/lab.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::image {
namespace {

constexpr double kEpsilon = 216.0 / 24389.0;  // CIE 15: where the cube root becomes a line.
constexpr double kKappa = 24389.0 / 27.0;

// IEC 61966-2-1, linear RGB to XYZ, each row divided by its sum (the white), so that white is (1, 1, 1).
constexpr double kWhite[3] = {0.4124 + 0.3576 + 0.1805, 0.2126 + 0.7152 + 0.0722, 0.0193 + 0.1192 + 0.9505};
constexpr double kMatrix[3][3] = {
    {0.4124 / kWhite[0], 0.3576 / kWhite[0], 0.1805 / kWhite[0]},
    {0.2126 / kWhite[1], 0.7152 / kWhite[1], 0.0722 / kWhite[1]},
    {0.0193 / kWhite[2], 0.1192 / kWhite[2], 0.9505 / kWhite[2]},
};

double Linear(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double LabCurve(double t) { return t > kEpsilon ? std::cbrt(t) : (kKappa * t + 16.0) / 116.0; }

const std::array<double, 256>& LinearTable() {
  static const std::array<double, 256> table = [] {
    std::array<double, 256> values{};
    for (size_t i = 0; i < values.size(); ++i) values[i] = Linear(static_cast<double>(i) / 255.0);
    return values;
  }();
  return table;
}

const std::array<float, 256>& LinearTableFloat() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> values{};
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(LinearTable()[i]);
    return values;
  }();
  return table;
}

constexpr auto kXRed = static_cast<float>(kMatrix[0][0]);
constexpr auto kXBlue = static_cast<float>(kMatrix[0][2]);
constexpr auto kYRed = static_cast<float>(kMatrix[1][0]);
constexpr auto kYBlue = static_cast<float>(kMatrix[1][2]);
constexpr auto kZRed = static_cast<float>(kMatrix[2][0]);
constexpr auto kZBlue = static_cast<float>(kMatrix[2][2]);

/// Cube root of t in [0, 1.01], relative error below 3e-7 from 1e-4 up: a guess from the exponent bits (3 %),
/// then two steps of Halley's method, which cube the error.
inline float CubeRoot(float t) {
  float y = std::bit_cast<float>(std::bit_cast<int32_t>(t) / 3 + 709921077);
  for (int step = 0; step < 2; ++step) {
    const float cube = y * y * y;
    y = y * (cube + 2.0F * t) / (2.0F * cube + t);
  }
  return y;
}

inline float LabCurveFloat(float t) {
  const float root = CubeRoot(std::max(t, 1e-4F));
  return t > static_cast<float>(kEpsilon) ? root : (static_cast<float>(kKappa) * t + 16.0F) / 116.0F;
}

/// Linear light in the planes becomes L*a*b* in place: lightness holds red, a green, b blue on entry.
PEEKPROOF_VECTOR_CLONES void LabFromLinearPlanes(float* __restrict lightness, float* __restrict a,
                                                 float* __restrict b, int n) {
  for (int i = 0; i < n; ++i) {
    const float red = lightness[i];
    const float green = a[i];
    const float blue = b[i];
    // The rows of the matrix sum to 1, so differences to green keep greys exactly grey.
    const float r = red - green;
    const float d = blue - green;
    const float x = LabCurveFloat(green + kXRed * r + kXBlue * d);
    const float y = LabCurveFloat(green + kYRed * r + kYBlue * d);
    const float z = LabCurveFloat(green + kZRed * r + kZBlue * d);
    lightness[i] = 116.0F * y - 16.0F;
    a[i] = 500.0F * (x - y);
    b[i] = 200.0F * (y - z);
  }
}

}  // namespace

cv::Vec3f LabOfBgr(cv::Vec3b bgr) {
  const std::array<double, 256>& linear = LinearTable();
  double curve[3];
  for (int i = 0; i < 3; ++i) {
    curve[i] = LabCurve(kMatrix[i][0] * linear[bgr[2]] + kMatrix[i][1] * linear[bgr[1]] +
                        kMatrix[i][2] * linear[bgr[0]]);
  }
  return {static_cast<float>(116.0 * curve[1] - 16.0), static_cast<float>(500.0 * (curve[0] - curve[1])),
          static_cast<float>(200.0 * (curve[1] - curve[2]))};
}

void LabOfBgrRow(const uint8_t* bgr, int n, float* lightness, float* a, float* b) {
  const float* linear = LinearTableFloat().data();
  for (int i = 0; i < n; ++i) {
    b[i] = linear[bgr[3 * i]];
    a[i] = linear[bgr[3 * i + 1]];
    lightness[i] = linear[bgr[3 * i + 2]];
  }
  LabFromLinearPlanes(lightness, a, b, n);
}

LabPlanes LabPlanesOf(const cv::Mat3b& bgr) {
  LabPlanes lab{cv::Mat1f(bgr.size()), cv::Mat1f(bgr.size()), cv::Mat1f(bgr.size())};
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      LabOfBgrRow(bgr.ptr(y), bgr.cols, lab.lightness[y], lab.a[y], lab.b[y]);
    }
  });
  return lab;
}

}  // namespace peekproof::image
