// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/background.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::engines {
namespace {

void Scale(const cv::Mat3b& source, cv::Mat3b target) {
  const bool shrinks = source.cols > target.cols || source.rows > target.rows;
  cv::resize(source, target, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
}

/// The largest centred part of `whole` with the aspect of `shape`, at least one pixel.
cv::Rect CentredPart(cv::Size whole, cv::Size shape) {
  const double scale = std::min(static_cast<double>(whole.width) / shape.width,
                                static_cast<double>(whole.height) / shape.height);
  const int width = std::clamp(static_cast<int>(std::lround(shape.width * scale)), 1, whole.width);
  const int height = std::clamp(static_cast<int>(std::lround(shape.height * scale)), 1, whole.height);
  return {(whole.width - width) / 2, (whole.height - height) / 2, width, height};
}

}  // namespace

Result<Fit> ParseFit(const std::string& name) {
  if (name == "cover") return Fit::kCover;
  if (name == "contain") return Fit::kContain;
  if (name == "stretch") return Fit::kStretch;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the wallpaper's fit must be cover, contain or stretch, not '{}'", name)};
}

Result<cv::Mat3b> FitWallpaper(const cv::Mat3b& picture, cv::Size size, Fit fit, const cv::Vec3b& border) {
  if (picture.empty() || size.width <= 0 || size.height <= 0) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("cannot fit a wallpaper of {}x{} pixels to a frame of {}x{}", picture.cols,
                             picture.rows, size.width, size.height)};
  }
  cv::Mat3b fitted(size, border);
  switch (fit) {
    case Fit::kCover:
      Scale(picture(CentredPart(picture.size(), size)), fitted);
      break;
    case Fit::kContain:
      Scale(picture, fitted(CentredPart(size, picture.size())));
      break;
    case Fit::kStretch:
      Scale(picture, fitted);
      break;
  }
  return fitted;
}

}  // namespace peekproof::engines
