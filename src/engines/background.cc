// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/background.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

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

class PictureBackground : public Background {
 public:
  PictureBackground(const cv::Mat3b& picture, Fit fit, const cv::Vec3b& border)
      : picture_(picture), fit_(fit), border_(border) {}

  Result<const cv::Mat3b*> Draw(const BackgroundView& view) override {
    if (fitted_.size() != view.camera.bgr.size()) {
      PEEKPROOF_ASSIGN_OR_RETURN(fitted_, FitWallpaper(picture_, view.camera.bgr.size(), fit_, border_));
    }
    return &fitted_;
  }

 private:
  cv::Mat3b picture_;
  Fit fit_;
  cv::Vec3b border_;
  cv::Mat3b fitted_;
};

}  // namespace

Result<Fit> ParseFit(const std::string& name) {
  if (name == "cover") return Fit::kCover;
  if (name == "contain") return Fit::kContain;
  if (name == "stretch") return Fit::kStretch;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the wallpaper's fit must be cover, contain or stretch, not '{}'", name)};
}

std::string NameOfFit(Fit fit) {
  switch (fit) {
    case Fit::kCover:
      return "cover";
    case Fit::kContain:
      return "contain";
    case Fit::kStretch:
      break;
  }
  return "stretch";
}

Result<cv::Mat3b> FitWallpaper(const cv::Mat3b& picture, cv::Size size, Fit fit, const cv::Vec3b& border) {
  cv::Mat3b fitted;
  PEEKPROOF_RETURN_IF_ERROR(FitWallpaperInto(picture, size, fit, border, &fitted));
  return fitted;
}

Result<void> FitWallpaperInto(const cv::Mat3b& picture, cv::Size size, Fit fit, const cv::Vec3b& border,
                              cv::Mat3b* fitted) {
  if (picture.empty() || size.width <= 0 || size.height <= 0) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("cannot fit a wallpaper of {}x{} pixels to a frame of {}x{}", picture.cols,
                             picture.rows, size.width, size.height)};
  }
  fitted->create(size);
  switch (fit) {
    case Fit::kCover:
      Scale(picture(CentredPart(picture.size(), size)), *fitted);
      break;
    case Fit::kContain:
      *fitted = border;
      Scale(picture, (*fitted)(CentredPart(size, picture.size())));
      break;
    case Fit::kStretch:
      Scale(picture, *fitted);
      break;
  }
  return {};
}

std::unique_ptr<Background> MakePictureBackground(const cv::Mat3b& picture, Fit fit,
                                                  const cv::Vec3b& border) {
  return std::make_unique<PictureBackground>(picture, fit, border);
}

std::unique_ptr<Background> MakeColourBackground(const cv::Vec3b& colour) {
  return MakePictureBackground(cv::Mat3b(1, 1, colour), Fit::kStretch);
}

}  // namespace peekproof::engines
