// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::image {

/// What an attack recovered of the room, per pixel. A pixel without evidence is absent (evidence 0): its
/// other values mean nothing, and it is never shown as a colour, since black is a valid room colour. Holds
/// observed light only; what a network invented does not belong here.
struct Reconstruction {
  cv::Mat3b bgr;         ///< Room colour, BGR 8-bit sRGB.
  cv::Mat1f confidence;  ///< In [0, 1]: stated probability that the colour is the room's. 0 where absent.
  cv::Mat_<uint16_t> evidence;  ///< Frames that support the colour, saturating; 0 where absent.
  cv::Mat1f first_seen_s;       ///< Presentation time of the first supporting frame.
  cv::Mat1f last_seen_s;        ///< Presentation time of the last supporting frame.

  /// All pixels absent.
  static Reconstruction Absent(cv::Size size);

  cv::Size size() const { return bgr.size(); }
  /// 255 where the pixel has evidence.
  cv::Mat1b Present() const;
  /// Makes the pixels absent that are not 0 in `where`, which has its size.
  void Forget(const cv::Mat1b& where);
};

}  // namespace peekproof::image
