// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::audit {

/// Tells frames that show something new from those that repeat what was looked at often enough, so that a
/// long recording need not be attacked frame by frame.
///
/// Every pixel of the thumbnails keeps how often each of 64 greys was looked at in it. A frame is new where
/// 0.7 % of the pixels show a grey that was looked at less than three times there, where a seventh of the
/// background is other than in the last frame that was looked at, as when it is raw, and once in 25 frames in
/// any case.
/// Memory  64 bytes a pixel of the thumbnails.
/// Source  Ours; the published attacks look at every frame.
class FrameNovelty {
 public:
  /// caller_presence: SurveyedScene's, of the size of the thumbnails: where the caller nearly always is,
  /// nothing can leak, and nothing is new.
  explicit FrameNovelty(const cv::Mat1f& caller_presence);

  /// Whether the frame is to be looked at; what it shows counts as looked at then.
  /// In      thumbnail: BGR. Frames in presentation order.
  bool Offer(const cv::Mat3b& thumbnail);

 private:
  bool IsNew() const;
  bool IsLikeLast() const;
  int UnfamiliarPixels() const;
  void Count();

  cv::Mat1b watched_;            // 255 where something new can show.
  cv::Mat1b background_;         // 255 where the caller seldom is.
  cv::Mat1b grey_;               // Of the frame on offer.
  cv::Mat1b last_;               // Of the last that was looked at; empty before.
  std::vector<uint8_t> counts_;  // Pixel by pixel, of all greys.
  int skipped_ = 0;              // Since then.
};

}  // namespace peekproof::audit
