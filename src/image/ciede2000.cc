// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/ciede2000.h"

#include <cmath>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::image {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kPow25To7 = 6103515625.0;

double Radians(double degrees) { return degrees * kPi / 180.0; }

double HueDegrees(double a, double b) {
  if (a == 0.0 && b == 0.0) return 0.0;
  const double degrees = std::atan2(b, a) * 180.0 / kPi;
  return degrees < 0.0 ? degrees + 360.0 : degrees;
}

/// sqrt(C^7 / (C^7 + 25^7)), used for both G and R_C.
double ChromaRatio(double chroma) {
  const double power = std::pow(chroma, 7.0);
  return std::sqrt(power / (power + kPow25To7));
}

/// Signed hue difference (equation 10) and mean hue (equation 14), degrees.
struct Hues {
  double difference = 0.0;
  double mean = 0.0;
};

Hues CombineHues(double h1, double h2, bool one_is_grey) {
  if (one_is_grey) return {0.0, h1 + h2};
  const double raw = h2 - h1;
  if (std::abs(raw) <= 180.0) return {raw, 0.5 * (h1 + h2)};
  const double sum = h1 + h2;
  return {raw > 0.0 ? raw - 360.0 : raw + 360.0, 0.5 * (sum < 360.0 ? sum + 360.0 : sum - 360.0)};
}

}  // namespace

double Ciede2000Exact(const cv::Vec3d& lab1, const cv::Vec3d& lab2) {
  const double mean_chroma = 0.5 * (std::hypot(lab1[1], lab1[2]) + std::hypot(lab2[1], lab2[2]));
  const double a_scale = 1.0 + 0.5 * (1.0 - ChromaRatio(mean_chroma));
  const double a1 = a_scale * lab1[1];
  const double a2 = a_scale * lab2[1];
  const double chroma1 = std::hypot(a1, lab1[2]);
  const double chroma2 = std::hypot(a2, lab2[2]);
  const Hues hue =
      CombineHues(HueDegrees(a1, lab1[2]), HueDegrees(a2, lab2[2]), chroma1 == 0.0 || chroma2 == 0.0);

  const double lightness_difference = lab2[0] - lab1[0];
  const double chroma_difference = chroma2 - chroma1;
  const double hue_difference = 2.0 * std::sqrt(chroma1 * chroma2) * std::sin(Radians(0.5 * hue.difference));

  const double mean_lightness = 0.5 * (lab1[0] + lab2[0]);
  const double mean_chroma_prime = 0.5 * (chroma1 + chroma2);
  const double t = 1.0 - 0.17 * std::cos(Radians(hue.mean - 30.0)) +
                   0.24 * std::cos(Radians(2.0 * hue.mean)) + 0.32 * std::cos(Radians(3.0 * hue.mean + 6.0)) -
                   0.20 * std::cos(Radians(4.0 * hue.mean - 63.0));
  const double offset = (mean_lightness - 50.0) * (mean_lightness - 50.0);
  const double s_l = 1.0 + 0.015 * offset / std::sqrt(20.0 + offset);
  const double s_c = 1.0 + 0.045 * mean_chroma_prime;
  const double s_h = 1.0 + 0.015 * mean_chroma_prime * t;
  const double blue = (hue.mean - 275.0) / 25.0;
  const double rotation =
      -std::sin(Radians(60.0 * std::exp(-blue * blue))) * 2.0 * ChromaRatio(mean_chroma_prime);

  const double l = lightness_difference / s_l;
  const double c = chroma_difference / s_c;
  const double h = hue_difference / s_h;
  return std::sqrt(std::max(0.0, l * l + c * c + h * h + rotation * c * h));
}

float Ciede2000(const cv::Vec3f& lab1, const cv::Vec3f& lab2) {
  return static_cast<float>(
      Ciede2000Exact(cv::Vec3d(lab1[0], lab1[1], lab1[2]), cv::Vec3d(lab2[0], lab2[1], lab2[2])));
}

cv::Mat1f Ciede2000Map(const cv::Mat3b& a, const cv::Mat3b& b) {
  PEEKPROOF_CHECK(a.size() == b.size(), "{}x{} against {}x{}", a.cols, a.rows, b.cols, b.rows);
  cv::Mat1f result(a.size());
  ParallelRows(a.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < a.cols; ++x) {
        result(y, x) = a(y, x) == b(y, x) ? 0.0F : Ciede2000(LabOfBgr(a(y, x)), LabOfBgr(b(y, x)));
      }
    }
  });
  return result;
}

}  // namespace peekproof::image
