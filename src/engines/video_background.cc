// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/video_background.h"

#include <optional>
#include <utility>

#include "base/check.h"

namespace peekproof::engines {
namespace {

class VideoBackground : public Background {
 public:
  VideoBackground(std::function<Result<VideoPicture>(double)> picture_at, Fit fit,
                  std::function<void()> reset)
      : picture_at_(std::move(picture_at)), fit_(fit), reset_(std::move(reset)) {}

  Result<const cv::Mat3b*> Draw(const BackgroundView& view) override {
    PEEKPROOF_ASSIGN_OR_RETURN(const VideoPicture picture, picture_at_(view.camera.time_s));
    PEEKPROOF_CHECK(picture.bgr != nullptr, "no picture at {} s", view.camera.time_s);
    const cv::Size size = view.camera.bgr.size();
    if (serial_ != picture.serial || fitted_.size() != size) {
      serial_.reset();
      PEEKPROOF_RETURN_IF_ERROR(FitWallpaperInto(*picture.bgr, size, fit_, cv::Vec3b(0, 0, 0), &fitted_));
      serial_ = picture.serial;
    }
    return &fitted_;
  }

  void Reset() override {
    serial_.reset();
    if (reset_ != nullptr) reset_();
  }

 private:
  std::function<Result<VideoPicture>(double)> picture_at_;
  Fit fit_;
  std::function<void()> reset_;
  cv::Mat3b fitted_;
  std::optional<int64_t> serial_;  ///< Of the picture that fitted_ shows.
};

}  // namespace

std::unique_ptr<Background> MakeVideoBackground(std::function<Result<VideoPicture>(double)> picture_at,
                                                Fit fit, std::function<void()> reset) {
  PEEKPROOF_CHECK(picture_at != nullptr, "no video");
  return std::make_unique<VideoBackground>(std::move(picture_at), fit, std::move(reset));
}

}  // namespace peekproof::engines
