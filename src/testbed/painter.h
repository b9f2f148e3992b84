// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace peekproof::testbed {

/// 8-bit sRGB: red, green, blue.
struct Paint {
  int red = 0;
  int green = 0;
  int blue = 0;
};

/// `paint` with each channel times `factor`.
Paint Shade(Paint paint, double factor);
Paint Blend(Paint a, Paint b, double weight_of_b);

/// Size in which to paint a picture of `size` before it is shrunk to it: larger, for clean edges.
cv::Size PaintedSize(cv::Size size);

/// Draws shapes into a picture whose height is 1 unit; x grows to the right from 0 to aspect(), y down.
class Painter {
 public:
  explicit Painter(cv::Size size_px);

  double aspect() const { return aspect_; }
  cv::Mat3b& picture() { return picture_; }
  /// Where `box` lies in the picture, as a share of its width and height.
  cv::Rect2d RelativeBox(const cv::Rect2d& box) const;

  void Fill(const cv::Rect2d& box, Paint paint);
  /// From `top` to `bottom` in even steps.
  void FillGradient(const cv::Rect2d& box, Paint top, Paint bottom);
  void Outline(const cv::Rect2d& box, Paint paint, double width);
  void Polygon(const std::vector<cv::Point2d>& points, Paint paint);
  void Ellipse(cv::Point2d centre, double radius_x, double radius_y, Paint paint, double angle_degrees = 0);
  void Line(cv::Point2d from, cv::Point2d to, Paint paint, double width);
  /// Letters of the given cap height with their lower left corner at `at`; returns the width.
  double Text(const std::string& text, cv::Point2d at, double height, Paint paint, bool bold = false);
  double TextWidth(const std::string& text, double height, bool bold = false) const;
  /// Darkens around `box`, as a thing that stands before a wall does.
  void Shadow(const cv::Rect2d& box, double reach, double strength);
  /// Multiplies the light by a smooth lamp-like spot: 1 far from it, 1 + gain at its centre.
  void Glow(cv::Point2d centre, double radius, double gain);

 private:
  cv::Point ToFixed(cv::Point2d point) const;
  /// Pixels of the picture within these half sizes of `centre`.
  cv::Rect PixelsAround(cv::Point2d centre, double half_width, double half_height) const;
  int LineWidth(double width) const;
  double FontScale(double height) const;
  int FontThickness(double height, bool bold) const;

  cv::Mat3b picture_;
  double unit_px_;
  double aspect_;
};

}  // namespace peekproof::testbed
