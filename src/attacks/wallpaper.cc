// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/wallpaper.h"

#include "image/colour_planes.h"

namespace peekproof::attacks {

std::shared_ptr<const Wallpaper> Wallpaper::Of(const cv::Mat3b& bgr) {
  auto wallpaper = std::make_shared<Wallpaper>();
  wallpaper->bgr = bgr.clone();
  for (cv::Mat1b& channel : wallpaper->channel) channel.create(bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    image::SplitChannelsRow(bgr.ptr(y), bgr.cols, wallpaper->channel[0].ptr(y), wallpaper->channel[1].ptr(y),
                            wallpaper->channel[2].ptr(y));
  }
  wallpaper->lab = image::LabPlanesOf(bgr);
  return wallpaper;
}

}  // namespace peekproof::attacks
