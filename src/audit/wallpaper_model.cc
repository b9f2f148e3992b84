// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/wallpaper_model.h"

#include <opencv2/imgproc.hpp>
#include <utility>

#include "audit/moving_background.h"
#include "engines/background.h"
#include "media/picture.h"

namespace peekproof::audit {
namespace {

constexpr float kTrustedSupport = 0.3F;  // Support from which a wallpaper colour is used.

cv::Mat1b Enlarged(const cv::Mat1b& mask, cv::Size size) {
  cv::Mat1b enlarged;
  cv::resize(mask, enlarged, size, 0, 0, cv::INTER_NEAREST);
  return enlarged;
}

WallpaperModel EstimatedWallpaper(const SurveyedScene& scene) {
  const cv::Size size = scene.wallpaper.size();
  const cv::Mat1b seen(scene.settled_frames >= LeastSettledFrames(scene));
  WallpaperModel model{
      .bgr = scene.wallpaper, .known = Enlarged(seen, size), .support = scene.wallpaper_support};
  model.known.setTo(0, scene.wallpaper_support < kTrustedSupport);
  model.moving = Enlarged(MovingBackground(scene), size);
  model.known.setTo(0, model.moving);
  return model;
}

WallpaperModel StilledWallpaper(const SurveyedScene& scene, const WallpaperVideo& video) {
  WallpaperModel model = EstimatedWallpaper(scene);
  cv::Mat1b given;
  cv::bitwise_not(model.known | model.moving, given);
  const cv::Mat1b mostly_known = video.MostlyKnown();
  cv::bitwise_and(given, mostly_known, given);
  video.mean().copyTo(model.bgr, given);
  model.known.setTo(255, given);
  model.support.setTo(1.0F, given);
  model.known.setTo(0, mostly_known == 0);
  return model;
}

}  // namespace

Result<WallpaperModel> WallpaperOf(const AuditOptions& options, const SurveyedScene& scene,
                                   const WallpaperVideo* video) {
  if (video != nullptr) return StilledWallpaper(scene, *video);
  if (options.wallpaper.empty()) return EstimatedWallpaper(scene);
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, media::ReadPicture(options.wallpaper));
  const cv::Size size = scene.wallpaper.size();
  PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat3b fitted, engines::FitWallpaper(picture, size, engines::Fit::kCover));
  return WallpaperModel{.bgr = std::move(fitted),
                        .known = cv::Mat1b(size, uchar{255}),
                        .support = cv::Mat1f(size, 1.0F),
                        .moving = cv::Mat1b(size, uchar{0})};
}

}  // namespace peekproof::audit
