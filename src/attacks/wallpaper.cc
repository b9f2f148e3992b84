// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/wallpaper.h"

#include "base/check.h"
#include "image/colour_planes.h"

namespace peekproof::attacks {

std::shared_ptr<const Wallpaper> Wallpaper::Of(const cv::Mat3b& bgr) {
  return Of(bgr, cv::Mat1b(bgr.size(), uint8_t{255}));
}

std::shared_ptr<const Wallpaper> Wallpaper::Of(const cv::Mat3b& bgr, const cv::Mat1b& known) {
  cv::Mat1f support;
  known.convertTo(support, CV_32F, 1.0 / 255);
  return Of(bgr, known, support);
}

std::shared_ptr<const Wallpaper> Wallpaper::Of(const cv::Mat3b& bgr, const cv::Mat1b& known,
                                               const cv::Mat1f& support) {
  PEEKPROOF_CHECK(known.size() == bgr.size() && support.size() == bgr.size(), "sizes differ");
  auto wallpaper = std::make_shared<Wallpaper>();
  wallpaper->bgr = bgr.clone();
  wallpaper->known = known.clone();
  wallpaper->support = support.clone();
  for (cv::Mat1b& channel : wallpaper->channel) channel.create(bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    image::SplitChannelsRow(bgr.ptr(y), bgr.cols, wallpaper->channel[0].ptr(y), wallpaper->channel[1].ptr(y),
                            wallpaper->channel[2].ptr(y));
  }
  wallpaper->lab = image::LabPlanesOf(bgr);
  return wallpaper;
}

cv::Mat1b DoubtfulPixels(const cv::Mat1f& engine_alpha, const cv::Mat1f& caller) {
  cv::Mat1b doubtful(engine_alpha >= kDoubtfulAlpha);
  if (!caller.empty()) doubtful |= cv::Mat1b(caller >= kDoubtfulCaller);
  return doubtful;
}

}  // namespace peekproof::attacks
