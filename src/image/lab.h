// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::image {

/// CIE L*a*b* (reference white D65, 2 degrees) of an 8-bit sRGB colour: L in [0, 100], a and b about
/// [-110, 110]. Exact: IEC 61966-2-1 transfer curve and matrix in double, rounded to float at the end.
/// The white of the matrix is used as reference, so greys have |a|, |b| < 1e-4.
cv::Vec3f LabOfBgr(cv::Vec3b bgr);

/// LabOfBgr of `n` packed BGR pixels into three planes of floats, by a table for the transfer curve and a
/// cube root in float: within kLabRowError of LabOfBgr in every channel.
void LabOfBgrRow(const uint8_t* bgr, int n, float* lightness, float* a, float* b);

/// Bound on LabOfBgrRow's error against LabOfBgr (tested over a grid of colours).
inline constexpr float kLabRowError = 2e-4F;

/// A picture as three planes of CIE L*a*b*, each H x W.
struct LabPlanes {
  cv::Mat1f lightness;
  cv::Mat1f a;
  cv::Mat1f b;
};

/// LabOfBgrRow over a picture, rows in parallel.
LabPlanes LabPlanesOf(const cv::Mat3b& bgr);

}  // namespace peekproof::image
