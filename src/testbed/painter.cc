// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/painter.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::testbed {
namespace {

constexpr int kFractionBits = 4;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kCapHeightPx = 21.0;  // Of kFont at scale 1.

cv::Scalar ToScalar(Paint paint) { return {double(paint.blue), double(paint.green), double(paint.red)}; }

uint8_t Clamp8(double value) { return static_cast<uint8_t>(std::clamp(std::lround(value), 0L, 255L)); }

}  // namespace

cv::Size PaintedSize(cv::Size size) {
  constexpr int kLeastHeightPx = 540;
  const int height = std::max(kLeastHeightPx, size.height * 3 / 2);
  return {std::max(1, cvRound(static_cast<double>(height) * size.width / size.height)), height};
}

Paint Shade(Paint paint, double factor) {
  return {Clamp8(paint.red * factor), Clamp8(paint.green * factor), Clamp8(paint.blue * factor)};
}

Paint Blend(Paint a, Paint b, double weight_of_b) {
  const double keep = 1.0 - weight_of_b;
  return {Clamp8(a.red * keep + b.red * weight_of_b), Clamp8(a.green * keep + b.green * weight_of_b),
          Clamp8(a.blue * keep + b.blue * weight_of_b)};
}

Painter::Painter(cv::Size size_px)
    : picture_(size_px, cv::Vec3b(0, 0, 0)),
      unit_px_(size_px.height),
      aspect_(static_cast<double>(size_px.width) / size_px.height) {}

cv::Point Painter::ToFixed(cv::Point2d point) const {
  const double scale = unit_px_ * (1 << kFractionBits);
  return {cvRound(point.x * scale), cvRound(point.y * scale)};
}

int Painter::LineWidth(double width) const { return std::max(1, cvRound(width * unit_px_)); }

cv::Rect2d Painter::RelativeBox(const cv::Rect2d& box) const {
  return {box.x / aspect_, box.y, box.width / aspect_, box.height};
}

void Painter::Fill(const cv::Rect2d& box, Paint paint) {
  Polygon({box.tl(), {box.x + box.width, box.y}, box.br(), {box.x, box.y + box.height}}, paint);
}

void Painter::FillGradient(const cv::Rect2d& box, Paint top, Paint bottom) {
  const int steps = std::max(1, cvRound(box.height * unit_px_ / 2));
  const double step = box.height / steps;
  for (int i = 0; i < steps; ++i) {
    const double weight = (i + 0.5) / steps;
    Fill({box.x, box.y + i * step, box.width, step}, Blend(top, bottom, weight));
  }
}

void Painter::Outline(const cv::Rect2d& box, Paint paint, double width) {
  const cv::Point2d top_right{box.x + box.width, box.y};
  const cv::Point2d bottom_left{box.x, box.y + box.height};
  Line(box.tl(), top_right, paint, width);
  Line(top_right, box.br(), paint, width);
  Line(box.br(), bottom_left, paint, width);
  Line(bottom_left, box.tl(), paint, width);
}

void Painter::Polygon(const std::vector<cv::Point2d>& points, Paint paint) {
  std::vector<cv::Point> fixed;
  fixed.reserve(points.size());
  for (const cv::Point2d& point : points) fixed.push_back(ToFixed(point));
  cv::fillPoly(picture_, std::vector<std::vector<cv::Point>>{fixed}, ToScalar(paint), cv::LINE_AA,
               kFractionBits);
}

void Painter::Ellipse(cv::Point2d centre, double radius_x, double radius_y, Paint paint,
                      double angle_degrees) {
  const double scale = unit_px_ * (1 << kFractionBits);
  const cv::Size axes(cvRound(radius_x * scale), cvRound(radius_y * scale));
  cv::ellipse(picture_, ToFixed(centre), axes, angle_degrees, 0, 360, ToScalar(paint), cv::FILLED,
              cv::LINE_AA, kFractionBits);
}

void Painter::Line(cv::Point2d from, cv::Point2d to, Paint paint, double width) {
  cv::line(picture_, ToFixed(from), ToFixed(to), ToScalar(paint), LineWidth(width), cv::LINE_AA,
           kFractionBits);
}

double Painter::FontScale(double height) const { return height * unit_px_ / kCapHeightPx; }

int Painter::FontThickness(double height, bool bold) const {
  return std::max(1, cvRound(height * unit_px_ * (bold ? 0.17 : 0.10)));
}

double Painter::TextWidth(const std::string& text, double height, bool bold) const {
  const int thickness = FontThickness(height, bold);
  return cv::getTextSize(text, kFont, FontScale(height), thickness, nullptr).width / unit_px_;
}

double Painter::Text(const std::string& text, cv::Point2d at, double height, Paint paint, bool bold) {
  const int thickness = FontThickness(height, bold);
  const double width = TextWidth(text, height, bold);
  cv::putText(picture_, text, {cvRound(at.x * unit_px_), cvRound(at.y * unit_px_)}, kFont, FontScale(height),
              ToScalar(paint), thickness, cv::LINE_AA);
  return width;
}

cv::Rect Painter::PixelsAround(cv::Point2d centre, double half_width, double half_height) const {
  const cv::Point top_left(cvFloor((centre.x - half_width) * unit_px_),
                           cvFloor((centre.y - half_height) * unit_px_));
  const cv::Point bottom_right(cvCeil((centre.x + half_width) * unit_px_),
                               cvCeil((centre.y + half_height) * unit_px_));
  return cv::Rect(top_left, bottom_right) & cv::Rect({0, 0}, picture_.size());
}

void Painter::Shadow(const cv::Rect2d& box, double reach, double strength) {
  // Light comes from above and the left.
  const cv::Point2d centre(box.x + box.width / 2 + 0.4 * reach, box.y + box.height / 2 + 0.5 * reach);
  const double margin = 2.5 * reach;
  const cv::Rect area = PixelsAround(centre, box.width / 2 + margin, box.height / 2 + margin);
  if (area.empty()) return;
  cv::Mat1f dark(area.size(), 0.0F);
  const cv::Rect thing = PixelsAround(centre, box.width / 2, box.height / 2) - area.tl();
  cv::rectangle(dark, thing, cv::Scalar(strength), cv::FILLED);
  const int kernel = 2 * std::max(1, cvRound(reach * unit_px_)) + 1;
  cv::blur(dark, dark, {kernel, kernel}, {-1, -1}, cv::BORDER_REPLICATE);
  cv::blur(dark, dark, {kernel, kernel}, {-1, -1}, cv::BORDER_REPLICATE);
  cv::Mat3b lit = picture_(area);
  for (int y = 0; y < lit.rows; ++y)
    for (int x = 0; x < lit.cols; ++x)
      for (int c = 0; c < 3; ++c)
        lit(y, x)[c] = Clamp8(static_cast<double>(lit(y, x)[c]) * (1.0 - static_cast<double>(dark(y, x))));
}

void Painter::Glow(cv::Point2d centre, double radius, double gain) {
  const cv::Rect area = PixelsAround(centre, 2.6 * radius, 2.6 * radius);
  const double scale = 1.0 / (radius * radius * unit_px_ * unit_px_);
  cv::Mat3b lit = picture_(area);
  for (int y = 0; y < lit.rows; ++y) {
    const double dy = area.y + y - centre.y * unit_px_;
    for (int x = 0; x < lit.cols; ++x) {
      const double dx = area.x + x - centre.x * unit_px_;
      const double light = 1.0 + gain * std::exp(-(dx * dx + dy * dy) * scale);
      for (int c = 0; c < 3; ++c) lit(y, x)[c] = Clamp8(static_cast<double>(lit(y, x)[c]) * light);
    }
  }
}

}  // namespace peekproof::testbed
