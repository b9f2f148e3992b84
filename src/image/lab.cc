// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/lab.h"

#include <array>
#include <cmath>

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

}  // namespace peekproof::image
