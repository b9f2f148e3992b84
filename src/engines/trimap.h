// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::engines {

inline constexpr uint8_t kSureBackground = 0;
inline constexpr uint8_t kUnknown = 128;
inline constexpr uint8_t kSureCaller = 255;

struct TrimapOptions {
  uint8_t caller_from = 242;   ///< Smallest 8-bit mask value that says caller.
  uint8_t background_to = 13;  ///< Largest one that says background; less than caller_from.
  int band_px = 8;             ///< How far the unknown reaches to either side; 0 to 64.
};

/// Sorts a soft mask into sure caller, sure background and the band between them where the alpha is open.
///
/// A pixel is sure where all pixels of the square of side 2 * band_px + 1 around it say the same; pixels
/// outside the frame say nothing. So the unknown band is 2 * band_px wide along a hard straight edge, and
/// wider by whatever of the mask is neither.
///
/// Threads Rows in parallel. One Apply at a time. Allocates at the first frame of a size only.
class TrimapMaker {
 public:
  explicit TrimapMaker(const TrimapOptions& options);

  /// In      mask: 255 times the soft mask, not empty.
  /// Out     trimap: kSureBackground, kUnknown or kSureCaller; reused buffer, must not be `mask`.
  void Apply(const cv::Mat1b& mask, cv::Mat1b* trimap);

 private:
  TrimapOptions options_;
  cv::Mat1b said_;        ///< 255 where the mask does not say one thing.
  cv::Mat1b not_caller_;  ///< 255 within band_px of where it does not say caller.
  cv::Mat1b not_background_;
};

}  // namespace peekproof::engines
