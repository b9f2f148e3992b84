// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "image/lab.h"

namespace peekproof::attacks {

/// The virtual background V, estimated or given, with what is computed from it once. Shared read-only between
/// the threads that analyse frames.
struct Wallpaper {
  cv::Mat3b bgr;         ///< H x W, BGR 8-bit sRGB.
  cv::Mat1b channel[3];  ///< The same in planes: B, G, R.
  image::LabPlanes lab;  ///< The same in CIE L*a*b*.

  static std::shared_ptr<const Wallpaper> Of(const cv::Mat3b& bgr);
};

}  // namespace peekproof::attacks
