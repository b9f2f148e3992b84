// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::audit {

/// Share of the call below which the caller is seldom in a place.
inline constexpr float kSeldom = 0.02F;

/// Tells frames that show a room as it is from those that show it blurred.
///
/// The picture is looked at in tiles of a fortieth of its height, by how far it deviates from itself smoothed
/// by 2 pixels (at a height of 720). Tiles count where that is clearly stronger in the restored room than in
/// the blurred one, and where the caller seldom is; one is sharp when it is nearer to the former. What a
/// tenth of a frame's tiles do not exceed is taken for its noise.
class SharpFrames {
 public:
  /// In      blurred, restored: the background without the caller as it was seen, and with its blur taken
  ///         back; BGR 8-bit, of the frames' size. presence: share of the call in which the caller is there,
  ///         in [0, 1], any size.
  SharpFrames(const cv::Mat3b& blurred, const cv::Mat3b& restored, const cv::Mat1f& presence);

  /// Tiles that count. With fewer than kLeastTiles nothing can be told.
  int tiles() const { return tiles_; }
  static constexpr int kLeastTiles = 12;

  /// Share of the tiles that are sharp, in [0, 1]; 0 where nothing can be told.
  double SharpShare(const cv::Mat3b& bgr);

 private:
  void FineDetail(const cv::Mat3b& bgr, cv::Mat1f* tiles);

  cv::Size grid_;
  double smooth_px_;
  cv::Mat1f least_;  ///< Detail from which a tile is sharp; 0: it does not count.
  int tiles_ = 0;
  cv::Mat1b green_;
  cv::Mat1b smooth_;
  cv::Mat1b difference_;
  cv::Mat1f detail_;
};

}  // namespace peekproof::audit
