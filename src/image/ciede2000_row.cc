// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "base/simd.h"
#include "image/ciede2000.h"
#include "image/vector_math.h"

// Into the vectorised loop, whatever the size: a call in it would stop the vectoriser.
#define PEEKPROOF_INLINE [[gnu::always_inline]] inline

namespace peekproof::image {
namespace {

constexpr float kFloatPow25To7 = 6103515625.0F;
constexpr float kTiny = 1e-12F;

// Cosines and sines of the angles in T and R_T.
constexpr float kCos30 = 0.86602540F;
constexpr float kSin30 = 0.5F;
constexpr float kCos6 = 0.99452190F;
constexpr float kSin6 = 0.10452846F;
constexpr float kCos63 = 0.45399050F;
constexpr float kSin63 = 0.89100652F;
constexpr float kCos275 = 0.08715574F;
constexpr float kSin275 = -0.99619470F;

/// sqrt(C^7 / (C^7 + 25^7)).
PEEKPROOF_INLINE float ChromaRatio(float chroma) {
  const float c = std::max(chroma, 1e-3F);  // Keeps the power out of the denormals.
  const float c2 = c * c;
  const float power = c2 * c2 * c2 * c;
  return std::sqrt(power / (power + kFloatPow25To7));
}

/// -sin(2 dTheta) R_C, from the cosine of the angle between the mean hue and 275 degrees. The angle's square
/// is a series in u = 1 - cos; where the series is off (beyond 80 degrees) its exponential is below 2e-5.
PEEKPROOF_INLINE float Rotation(float cos_from_blue, float mean_chroma) {
  const float u = 1.0F - cos_from_blue;
  const float angle2 =
      u *
      (2.0F + u * (0.33333333F + u * (0.08888889F + u * (0.02857143F + u * (0.01015873F + u * 0.0038480F)))));
  const float bump = FastExp(-std::min(5.2524498F * angle2, 80.0F));  // (180 / pi / 25)^2
  const float x = 1.04719755F * bump;  // 2 dTheta in radians, at most 60 degrees
  const float x2 = x * x;
  const float sine =
      x * (1.0F + x2 * (-0.16666667F + x2 * (0.0083333333F + x2 * (-0.00019841270F + x2 * 2.7557e-6F))));
  return -2.0F * sine * ChromaRatio(mean_chroma);
}

/// T from the cosine and sine of the mean hue.
PEEKPROOF_INLINE float HueWeight(float c, float s) {
  const float c2 = 2.0F * c * c - 1.0F;
  const float s2 = 2.0F * s * c;
  const float c3 = c * (2.0F * c2 - 1.0F);
  const float s3 = s * (2.0F * c2 + 1.0F);
  const float c4 = 2.0F * c2 * c2 - 1.0F;
  const float s4 = 2.0F * s2 * c2;
  return 1.0F - 0.17F * (c * kCos30 + s * kSin30) + 0.24F * c2 + 0.32F * (c3 * kCos6 - s3 * kSin6) -
         0.20F * (c4 * kCos63 + s4 * kSin63);
}

PEEKPROOF_INLINE float Difference(float l1, float a1, float b1, float l2, float a2, float b2) {
  const float plain1 = std::sqrt(a1 * a1 + b1 * b1);
  const float plain2 = std::sqrt(a2 * a2 + b2 * b2);
  const float a_scale = 1.5F - 0.5F * ChromaRatio(0.5F * (plain1 + plain2));
  const float ap1 = a_scale * a1;
  const float ap2 = a_scale * a2;
  const float chroma1 = std::sqrt(ap1 * ap1 + b1 * b1);
  const float chroma2 = std::sqrt(ap2 * ap2 + b2 * b2);

  const float scale1 = 1.0F / (chroma1 + kTiny);
  const float scale2 = 1.0F / (chroma2 + kTiny);
  const float sum_a = ap1 * scale1 + ap2 * scale2;
  const float sum_b = b1 * scale1 + b2 * scale2;
  const float length = std::sqrt(sum_a * sum_a + sum_b * sum_b) + kTiny;
  const float c = sum_a / length;
  const float s = sum_b / length;

  // 2 sqrt(C1 C2) sin(dh / 2): from the cross product where the hues are near (no cancellation), from the dot
  // product where they are far.
  const float product = chroma1 * chroma2;
  const float dot = ap1 * ap2 + b1 * b2;
  const float cross = ap1 * (b2 - b1) - b1 * (ap2 - ap1);
  const float near_hue = 2.0F * cross / (std::sqrt(product + kTiny) * length);
  const float far_size = std::sqrt(std::max(0.0F, 2.0F * (product - dot)));
  const float far_hue = cross < 0.0F ? -far_size : far_size;
  const float hue_difference = dot < 0.0F ? far_hue : near_hue;

  const float mean_chroma = 0.5F * (chroma1 + chroma2);
  const float offset = 0.5F * (l1 + l2) - 50.0F;
  const float offset2 = offset * offset;
  const float dl = (l2 - l1) / (1.0F + 0.015F * offset2 / std::sqrt(20.0F + offset2));
  const float dc = (chroma2 - chroma1) / (1.0F + 0.045F * mean_chroma);
  const float dh = hue_difference / (1.0F + 0.015F * mean_chroma * HueWeight(c, s));
  const float rotation = Rotation(c * kCos275 + s * kSin275, mean_chroma);
  return std::sqrt(std::max(0.0F, dl * dl + dc * dc + dh * dh + rotation * dc * dh));
}

PEEKPROOF_VECTOR_CLONES void DifferenceRow(const float* __restrict l1, const float* __restrict a1,
                                           const float* __restrict b1, const float* __restrict l2,
                                           const float* __restrict a2, const float* __restrict b2, int n,
                                           float* __restrict difference) {
  for (int i = 0; i < n; ++i) difference[i] = Difference(l1[i], a1[i], b1[i], l2[i], a2[i], b2[i]);
}

}  // namespace

void Ciede2000Row(const LabRow& lab1, const LabRow& lab2, int n, float* difference) {
  DifferenceRow(lab1.lightness, lab1.a, lab1.b, lab2.lightness, lab2.a, lab2.b, n, difference);
}

}  // namespace peekproof::image
