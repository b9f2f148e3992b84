// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/wallpaper_model.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/background.h"
#include "media/picture.h"

namespace peekproof::audit {
namespace {

constexpr float kTrustedSupport = 0.3F;      // Support from which a wallpaper colour is used.
constexpr float kLeastSettledFrames = 2.0F;  // In which a place must have been free of the caller,
constexpr float kLeastSettledShare =
    0.06F;  // and share of all, so that he cannot outvote it (scene_votes.cc).

}  // namespace

Result<WallpaperModel> WallpaperOf(const AuditOptions& options, const SurveyedScene& scene) {
  const cv::Size size = scene.wallpaper.size();
  if (options.wallpaper.empty()) {
    cv::Mat1f settled;
    cv::resize(scene.settled_frames, settled, size, 0, 0, cv::INTER_NEAREST);
    const float least =
        std::max(kLeastSettledFrames, kLeastSettledShare * static_cast<float>(scene.sampled_frames));
    const cv::Mat1b seen(settled >= least);
    const cv::Mat1b supported(scene.wallpaper_support >= kTrustedSupport);
    return WallpaperModel{
        .bgr = scene.wallpaper, .known = cv::Mat1b(seen & supported), .support = scene.wallpaper_support};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, media::ReadPicture(options.wallpaper));
  PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat3b fitted, engines::FitWallpaper(picture, size, engines::Fit::kCover));
  return WallpaperModel{
      .bgr = std::move(fitted), .known = cv::Mat1b(size, uchar{255}), .support = cv::Mat1f(size, 1.0F)};
}

}  // namespace peekproof::audit
