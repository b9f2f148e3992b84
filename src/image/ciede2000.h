// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "image/lab.h"

namespace peekproof::image {

/// Colour difference CIEDE2000 (kL = kC = kH = 1) of two CIE L*a*b* colours; symmetric.
///
/// Landmarks: 0 equal; about 1 just noticeable side by side; 2 to 4 clearly another shade (the paper calls a
/// pixel reconstructed below 4); 10 still the same colour by name; above 50 opposites; black to white is 100.
/// Source  Sharma, Wu, Dalal: The CIEDE2000 Color-Difference Formula (2005); exact, in double.
double Ciede2000Exact(const cv::Vec3d& lab1, const cv::Vec3d& lab2);
/// The same rounded to float.
float Ciede2000(const cv::Vec3f& lab1, const cv::Vec3f& lab2);

/// CIEDE2000 of `n` pairs of colours held in planes, in float and vectorised: no angle is ever taken, the
/// mean hue comes from the sum of the two unit vectors of hue and its multiples from the multiple-angle
/// formulas. Within kCiede2000RowError of Ciede2000Exact for the colours of sRGB, except where the two hues
/// are opposite to within 0.01 degrees, where the formula itself jumps.
struct LabRow {
  const float* lightness;
  const float* a;
  const float* b;
};
void Ciede2000Row(const LabRow& lab1, const LabRow& lab2, int n, float* difference);

/// Bound on Ciede2000Row's error against Ciede2000Exact (tested on random and on neighbouring colours).
inline constexpr float kCiede2000RowError = 0.002F;

/// Per pixel CIEDE2000 of two BGR 8-bit sRGB pictures of equal size, exact to float; rows in parallel.
cv::Mat1f Ciede2000Map(const cv::Mat3b& a, const cv::Mat3b& b);

}  // namespace peekproof::image
