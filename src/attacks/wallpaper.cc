// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/wallpaper.h"

namespace peekproof::attacks {

std::shared_ptr<const Wallpaper> Wallpaper::Of(const cv::Mat3b& bgr) {
  return std::make_shared<const Wallpaper>(Wallpaper{bgr.clone(), image::LabPlanesOf(bgr)});
}

}  // namespace peekproof::attacks
